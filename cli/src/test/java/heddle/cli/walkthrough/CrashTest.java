package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final String NAMESPACE = "howto-k8s-retry-policy";
  private static final String COLOR = "color." + NAMESPACE + ".svc.cluster.local:5000";

  @TempDir private Path home;

  @Test
  void rootLosesNothingThatWasAcknowledged() throws IOException {
    nothingIsLostWhereverItIsKilled(Account.current());
  }

  @Test
  void anOrdinaryUserLosesNothingThatWasAcknowledged() throws IOException {
    Requirements.need("setpriv", "unshare");
    nothingIsLostWhereverItIsKilled(Account.ordinary(home));
  }

  private void nothingIsLostWhereverItIsKilled(Account account) throws IOException {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    try (HeddleCommandLine line = new HeddleCommandLine(home, account)) {
      HostState before = HostState.now(line);
      up(line);

      List<String> acknowledged = killedAmidAnApply(line);
      up(line);
      assertThat(objects(line)).containsAll(acknowledged);

      line.shell(CLUSTER, "kubectl apply -f " + Examples.manifest("retry")).succeeded();
      ready(line);
      Set<String> steady = objects(line);
      killedAmidARequest(line);
      up(line);
      assertThat(objects(line)).as("pods keep their names").containsAll(steady);
      ready(line);
      assertThat(answer(line)).isEqualTo("ok");

      killedAmidARollout(line);
      up(line);
      ready(line);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(blues(line)).hasSize(1));
      assertThat(answer(line)).isEqualTo("ok");

      line.heddle("down", "--name", CLUSTER, "--purge").succeeded();
      assertThat(HostState.now(line)).isEqualTo(before);
    }
  }

  @Test
  void downAfterACrashRemovesWhatWasLeft() {
    downRemovesWhatACrashLeft("embedded");
  }

  @Test
  void downAfterACrashRemovesEnvoysToo() {
    Requirements.needEnvoy();
    downRemovesWhatACrashLeft("envoy");
  }

  private void downRemovesWhatACrashLeft(String dataPlane) {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      HostState before = HostState.now(line);
      line.heddle("up", "--name", CLUSTER, "--detach", "--data-plane", dataPlane).succeeded();
      line.shell(CLUSTER, "kubectl apply -f " + Examples.manifest("retry")).succeeded();
      ready(line);
      List<ProcessHandle> children = kill(line);

      line.heddle("down", "--name", CLUSTER).succeeded();

      assertThat(children).noneMatch(ProcessHandle::isAlive);
      assertThat(HostState.now(line)).isEqualTo(before);
    }
  }

  /** The objects that kubectl was told are stored, the last of them just now. */
  private static List<String> killedAmidAnApply(HeddleCommandLine line) throws IOException {
    Process apply = line.background(CLUSTER, "kubectl apply -f " + Examples.manifest("retry"));
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader out = apply.inputReader()) {
      String said = out.readLine();
      while (said != null) {
        if (said.endsWith(" created")) {
          acknowledged.add(said.substring(0, said.length() - " created".length()));
        }
        if (acknowledged.size() == 5) {
          kill(line);
        }
        said = out.readLine();
      }
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(5);
    return acknowledged;
  }

  private static void killedAmidARequest(HeddleCommandLine line) {
    Process heavy =
        line.background(
            CLUSTER,
            "kubectl exec deploy/front -c app -n %s -- curl -s %s/heavy"
                .formatted(NAMESPACE, COLOR));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                line.shell(CLUSTER, "kubectl logs deploy/blue -c app -n " + NAMESPACE)
                    .out()
                    .contains("GET /heavy"));
    kill(line);
    heavy.onExit().join();
  }

  private static void killedAmidARollout(HeddleCommandLine line) {
    line.shell(CLUSTER, "kubectl rollout restart deployment/blue -n " + NAMESPACE).succeeded();
    await().atMost(Duration.ofSeconds(30)).until(() -> blues(line).size() == 2);
    kill(line);
  }

  /** Kills the server; returns the processes that it had started, once they are gone. */
  private static List<ProcessHandle> kill(HeddleCommandLine line) {
    ProcessHandle server = line.server(CLUSTER);
    List<ProcessHandle> children = server.descendants().toList();
    server.destroyForcibly();
    server.onExit().join();
    return children;
  }

  private static void up(HeddleCommandLine line) {
    line.heddle("up", "--name", CLUSTER, "--detach").succeeded();
  }

  private static void ready(HeddleCommandLine line) {
    for (String deployment : List.of("front", "blue")) {
      line.shell(
              CLUSTER,
              "kubectl rollout status deployment/%s -n %s --timeout=90s"
                  .formatted(deployment, NAMESPACE))
          .succeeded();
    }
  }

  private static String answer(HeddleCommandLine line) {
    return line.shell(
            CLUSTER,
            "kubectl exec deploy/front -c app -n %s -- curl -s %s/ok".formatted(NAMESPACE, COLOR))
        .succeeded()
        .out()
        .strip();
  }

  private static List<String> blues(HeddleCommandLine line) {
    return line.shell(CLUSTER, "kubectl get pod -l app=color -o name -n " + NAMESPACE)
        .succeeded()
        .out()
        .lines()
        .toList();
  }

  private static Set<String> objects(HeddleCommandLine line) {
    String names =
        line.shell(
                CLUSTER,
                "kubectl get mesh,virtualnode,virtualservice,virtualrouter,deploy,rs,pod,svc,ns"
                    + " -A -o name")
            .succeeded()
            .out();
    return Stream.of(names.split("\n")).collect(Collectors.toCollection(TreeSet::new));
  }
}
