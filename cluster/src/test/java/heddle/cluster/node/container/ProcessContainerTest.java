package heddle.cluster.node.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import heddle.cluster.fixture.NetworkNamespace;
import heddle.cluster.fixture.Requirements;
import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.LogOptions;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.node.log.ContainerLog;
import heddle.cluster.node.log.LogStream;
import heddle.cluster.node.sandbox.Launcher;
import heddle.cluster.node.sandbox.ProcessRecord;
import heddle.cluster.node.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessContainerTest {
  @TempDir Path directory;
  private Launcher launcher;
  private NetworkNamespace namespace;

  @BeforeEach
  void start() throws Exception {
    Requirements.rootAnd("bwrap", "nsenter", "unshare", "ip");
    namespace = new NetworkNamespace(directory, "net");
    launcher = new Launcher();
  }

  @AfterEach
  void stop() throws Exception {
    if (launcher != null) {
      launcher.close();
      namespace.close();
    }
  }

  @Test
  void runsAsPidOneWithItsOwnNameAndFileSystem() throws Exception {
    ProcessContainer container =
        run(false, "/bin/sh", "-c", "echo $$ $(hostname) $GREETING; ls /; id -u; exit 7");

    assertThat(exit(container)).isEqualTo(7);
    assertThat(log()).startsWith("1 box hello\nbin\ndev\netc\n").endsWith("0\n");
    assertThat(log()).doesNotContain("home").doesNotContain("root");
  }

  @Test
  void hidesTheEnvironmentFromTheHostsProcessList() throws Exception {
    ProcessContainer container = run(false, "sleep", "60");
    ProcessRecord record = ProcessRecord.read(directory.resolve("process")).orElseThrow();

    String line = Files.readString(Path.of("/proc", Long.toString(record.pid()), "cmdline"));
    assertThat(line).contains("bwrap").doesNotContain("hello");
    container.kill();
    assertThat(exit(container)).isEqualTo(137);
  }

  @Test
  void givesUserIdsOtherThanRootsTheirOwnFiles() throws Exception {
    ProcessContainer container = run(1000, false, "/bin/sh", "-c", "id -u; id -g; echo x >/tmp/y");

    assertThat(exit(container)).isZero();
    assertThat(log()).isEqualTo("1000\n1000\n");
    Session session = null;
    ProcessContainer second = run(1000, false, "sleep", "60");
    try {
      session = second.exec(command(false, "id", "-u"));
      assertThat(read(session.stdout())).isEqualTo("1000\n");
    } finally {
      second.kill();
      exit(second);
    }
  }

  @Test
  void endsWith143WhenAShellTrapsNothingButItsChildDoes() throws Exception {
    ProcessContainer container =
        run(false, "/bin/sh", "-c", "trap 'exit 3' TERM; echo up; while :; do sleep 0.05; done");
    awaitLog("up");

    container.terminate(null);

    assertThat(exit(container)).isEqualTo(3);
  }

  @Test
  void ignoresATermSignalWithoutAHandlerAsPidOneDoes() throws Exception {
    ProcessContainer container = run(false, "sleep", "60");

    container.terminate(null);
    Session session = container.exec(command(false, "sh", "-c", "kill -TERM 1; echo still here"));

    assertThat(read(session.stdout())).isEqualTo("still here\n");
    assertThat(container.exit().toCompletableFuture()).isNotDone();
    container.kill();
    assertThat(exit(container)).isEqualTo(137);
  }

  @Test
  void execsACommandWithInputOutputAndExitCode() throws Exception {
    ProcessContainer container = run(false, "sleep", "60");

    Session session =
        container.exec(
            new ExecRequest(
                List.of("sh", "-c", "cat; echo bad >&2; exit 7"), true, true, true, false));
    session.stdin().write("in\n".getBytes(UTF_8));
    session.stdin().close();

    assertThat(read(session.stdout())).isEqualTo("in\n");
    assertThat(read(session.stderr())).isEqualTo("bad\n");
    assertThat(session.exit().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(7);
    container.kill();
    exit(container);
  }

  @Test
  void execsOnATerminalOfTheClientsSize() throws Exception {
    ProcessContainer container = run(false, "sleep", "60");

    Session session = container.exec(command(true, "sh", "-c", "read go; test -t 0 && stty size"));
    session.resize(132, 43);
    session.stdin().write("go\n".getBytes(UTF_8));
    session.stdin().flush();

    assertThat(read(session.stdout())).contains("43 132");
    container.kill();
    exit(container);
  }

  @Test
  void keepsAShellOnATerminalUpUntilSomebodyAttachesAndLeaves() throws Exception {
    ProcessContainer container = run(true, "/bin/sh");

    Session session = container.attach(command(true));
    session.stdin().write("echo $((40+2))\n".getBytes(UTF_8));
    awaitLog("42");
    session.close();
    Session second = container.attach(command(true));
    second.stdin().write("exit\n".getBytes(UTF_8));

    assertThat(read(second.stdout())).contains("exit");
    exit(container);
  }

  @Test
  void saysWhatItsSandboxRefuses() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                IOException.class,
                () -> {
                  Sandbox broken =
                      sandbox(
                          0,
                          false,
                          List.of(new Sandbox.Mount(Path.of("/no/such"), "/x", true)),
                          "true");
                  ProcessContainer.start("id", broken, directory, launcher, newLog());
                }))
        .hasMessageContaining("/no/such");
  }

  private ProcessContainer run(boolean terminal, String... command) throws IOException {
    return run(0, terminal, command);
  }

  private ProcessContainer run(int user, boolean terminal, String... command) throws IOException {
    return ProcessContainer.start(
        "heddle://1", sandbox(user, terminal, List.of(), command), directory, launcher, newLog());
  }

  private Sandbox sandbox(
      int user, boolean terminal, List<Sandbox.Mount> mounts, String... command) {
    return new Sandbox(
        namespace.file(),
        "box",
        user,
        mounts,
        List.of("sh", "ls", "id", "sleep", "cat", "hostname", "stty", "tty"),
        Sandbox.DEFAULT_CAPABILITIES,
        false,
        "/",
        Map.of("PATH", "/usr/bin:/bin", "GREETING", "hello"),
        List.of(command),
        terminal,
        terminal);
  }

  private ContainerLog newLog() throws IOException {
    return new ContainerLog(directory.resolve("0.log"), Clock.systemUTC(), 1 << 20);
  }

  private static ExecRequest command(boolean terminal, String... command) {
    return new ExecRequest(List.of(command), terminal, true, !terminal, terminal);
  }

  private static int exit(RunningContainer container) throws Exception {
    return container.exit().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static String read(InputStream stream) throws IOException {
    try {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IOException("while reading what a container says", e);
    }
  }

  private String log() throws IOException {
    LogOptions all = new LogOptions(false, false, false, null, null, null);
    try (LogStream stream = new LogStream(directory.resolve("0.log"), null, all)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private void awaitLog(String text) {
    org.awaitility.Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> log().contains(text));
  }
}
