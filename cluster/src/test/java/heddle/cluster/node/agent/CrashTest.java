package heddle.cluster.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.fixture.Requirements;
import heddle.cluster.fixture.TestCluster;
import heddle.cluster.node.pod.PodDirectory;
import heddle.cluster.node.sandbox.ProcessRecord;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the process that runs a node is killed. */
@Timeout(180)
class CrashTest {
  @TempDir Path directory;

  /** The process that is killed: a node with one pod. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      TestCluster cluster = TestCluster.node(Path.of(arguments[0]));
      cluster.pod("p", "{containers:[{name:'c',image:'shell',args:['sleep 600 & sleep 601']}]}");
      cluster.await("p", TestCluster::ready);
      System.out.println("ready");
      System.in.read();
    }
  }

  @Test
  void containersDieWithTheirNodeAndThePodComesBack() throws Exception {
    Requirements.rootAnd("bwrap", "nsenter", "unshare", "ip", "nft");
    Process victim = start();
    List<ProcessRecord> records = records();
    assertThat(records).hasSize(1);
    List<ProcessHandle> family = records.getFirst().handle().orElseThrow().descendants().toList();
    assertThat(family).hasSizeGreaterThanOrEqualTo(2);

    victim.destroyForcibly().waitFor();

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> family.stream().noneMatch(ProcessHandle::isAlive));
    try (TestCluster cluster = TestCluster.node(directory)) {
      ObjectNode pod =
          cluster.await(
              "p",
              p ->
                  TestCluster.ready(p)
                      && p.at("/status/containerStatuses/0/restartCount").asInt() == 1);
      assertThat(pod.at("/status/podIP").asText()).startsWith("10.244.");
    }
  }

  @Test
  void endsOnlyTheProcessThatWasRecorded() throws Exception {
    Process bystander = new ProcessBuilder("sleep", "600").start();
    Process leftover = new ProcessBuilder("sleep", "600").start();
    try {
      record(bystander, "bystander", true);
      record(leftover, "leftover", false);

      int ended = new NodeJanitor(directory).killLeftovers();

      assertThat(ended).isEqualTo(1);
      assertThat(leftover.waitFor()).isNotZero();
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
      leftover.destroyForcibly();
    }
  }

  @Test
  void removesTheFilesOfPodsThatAreNoMore() throws Exception {
    Files.createDirectories(directory.resolve("pods/gone/containers/c"));
    Files.createDirectories(directory.resolve("pods/kept/containers/c"));

    new NodeJanitor(directory).removeExcept(Set.of("kept"));

    assertThat(directory.resolve("pods/gone")).doesNotExist();
    assertThat(directory.resolve("pods/kept")).exists();
  }

  /** Records a process as a container's; {@code older} stands for another one that had its pid. */
  private void record(Process process, String pod, boolean older) throws Exception {
    Path container = Files.createDirectories(directory.resolve("pods/" + pod + "/containers/c"));
    String[] fields = Files.readString(Path.of("/proc/" + process.pid() + "/stat")).split(" ");
    if (older) {
      fields[21] = "1";
    }
    Files.writeString(container.resolve("process"), String.join(" ", Arrays.asList(fields)));
  }

  private Process start() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Stream<String> lines = lines(process)) {
      assertThat(lines.anyMatch("ready"::equals)).isTrue();
    }
    return process;
  }

  private static Stream<String> lines(Process process) {
    BufferedReader reader = process.inputReader();
    return reader.lines();
  }

  private List<ProcessRecord> records() throws Exception {
    return PodDirectory.all(directory.resolve("node")).stream()
        .flatMap(
            pod -> {
              try {
                return pod.processRecords().stream();
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
        .flatMap(record -> ProcessRecord.read(record).stream())
        .toList();
  }
}
