package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@code kill -9} of the cluster's process leaves, and what the next {@code up} makes of it.
 */
@Tag("walkthrough")
class CrashTest {

  private static final String CLUSTER = "crash";

  @TempDir private Path home;

  @Test
  void everyAcknowledgedObjectIsThereAndPodsComeBackUnderTheirNames() {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      line.heddle("up", "--name", CLUSTER, "--detach").succeeded();
      line.shell(CLUSTER, "kubectl apply -f " + Examples.manifest("retry")).succeeded();
      ready(line);
      Set<String> before = objects(line);
      long pid = pid(line);

      ProcessHandle killed = ProcessHandle.of(pid).orElseThrow();
      Set<Long> children = killed.descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
      killed.destroyForcibly();
      killed.onExit().join();
      line.heddle("up", "--name", CLUSTER, "--detach").succeeded();

      assertThat(objects(line)).containsAll(before);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(children).noneMatch(child -> ProcessHandle.of(child).isPresent()));
      ready(line);
      String answer =
          line.shell(
                  CLUSTER,
                  "kubectl exec deploy/front -c app -n howto-k8s-retry-policy --"
                      + " curl -s color.howto-k8s-retry-policy.svc.cluster.local:5000/ok")
              .succeeded()
              .out();
      assertThat(answer.strip()).isEqualTo("ok");
    }
  }

  @Test
  void downAfterACrashRemovesWhatWasLeft() {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      line.heddle("up", "--name", CLUSTER, "--detach").succeeded();
      line.shell(CLUSTER, "kubectl apply -f " + Examples.manifest("retry")).succeeded();
      ready(line);
      ProcessHandle killed = ProcessHandle.of(pid(line)).orElseThrow();
      List<ProcessHandle> children = killed.descendants().toList();
      killed.destroyForcibly();
      killed.onExit().join();

      line.heddle("down", "--name", CLUSTER).succeeded();

      assertThat(children).noneMatch(ProcessHandle::isAlive);
      assertThat(line.shell(CLUSTER, "ip netns list").succeeded().out())
          .doesNotContain("heddle-" + CLUSTER);
    }
  }

  private static void ready(HeddleCommandLine line) {
    for (String deployment : List.of("front", "blue")) {
      line.shell(
              CLUSTER,
              "kubectl rollout status deployment/"
                  + deployment
                  + " -n howto-k8s-retry-policy --timeout=90s")
          .succeeded();
    }
  }

  private static Set<String> objects(HeddleCommandLine line) {
    String names =
        line.shell(
                CLUSTER,
                "kubectl get mesh,virtualnode,virtualservice,virtualrouter,deploy,rs,pod,svc,ns -A -o name")
            .succeeded()
            .out();
    return Stream.of(names.split("\n")).collect(Collectors.toCollection(TreeSet::new));
  }

  private static long pid(HeddleCommandLine line) {
    return line.heddle("list")
        .succeeded()
        .out()
        .lines()
        .filter(row -> row.startsWith(CLUSTER + " "))
        .map(row -> row.split("\\s+")[2])
        .map(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
