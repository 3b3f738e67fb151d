package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rolling update of a service costs those who call it through the mesh. */
@Tag("walkthrough")
class RollingUpdateTest {
  private static final String CLUSTER = "rolling";
  private static final String NAMESPACE = " -n howto-k8s-retry-policy";

  /** A pod of the node front, so that its requests go through the mesh. */
  private static final String ATTACKER =
      """
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: attacker, namespace: howto-k8s-retry-policy}
      spec:
        selector: {matchLabels: {app: front, role: attacker}}
        template:
          metadata: {labels: {app: front, role: attacker}}
          spec:
            containers:
              - name: vegeta
                image: fawadkhaliq/vegeta-trafficgen
                args: [/bin/sh]
                stdin: true
                tty: true
      """;

  /** Begins to attack, replaces every pod twice once the attack is on, and waits for the report. */
  private static final String SCRIPT =
      """
      set -e
      kubectl exec deploy/attacker -c vegeta NS -- sh -c 'echo "GET \
      http://color.howto-k8s-retry-policy.svc.cluster.local:5000/ok" | \
      vegeta attack -rate=50 -duration=25s | vegeta report' &
      for attempt in $(seq 150); do
        kubectl logs -l app=color -c app --tail=-1 NS | grep -q /ok && break
        sleep 0.2
      done
      for round in 1 2; do
        CHANGE
        kubectl rollout status deploy/blue --timeout=120s NS
      done
      wait $!
      """;

  private static final String RESTART = "kubectl rollout restart deploy/blue NS";

  /** To Envoy in the first round, back in the second. */
  private static final String OTHER_DATA_PLANE =
      """
      plane=$([ $round = 1 ] && echo envoy || echo embedded)
      kubectl patch deploy/blue NS -p "$(printf \
        '{"spec":{"template":{"metadata":{"annotations":{"heddle.dev/data-plane":"%s"}}}}}' $plane)"
      """;

  @TempDir private Path home;

  @Test
  void losesNoRequestAlthoughNothingIsRetried() throws IOException {
    losesNoRequest("embedded", RESTART);
  }

  @Test
  void losesNoneWithEnvoysEither() throws IOException {
    Requirements.needEnvoy();
    losesNoRequest("envoy", RESTART);
  }

  /** In between, callers of one data plane meet pods of the other. */
  @Test
  void losesNoneWhenPodsChangeTheirDataPlane() throws IOException {
    Requirements.needEnvoy();
    losesNoRequest("embedded", OTHER_DATA_PLANE);
  }

  private void losesNoRequest(String dataPlane, String change) throws IOException {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    String unforgiving =
        Files.readString(Examples.manifest("retry")).replace("maxRetries: 4", "maxRetries: 0");
    Path manifest = Files.writeString(home.resolve("manifest.yaml"), unforgiving + ATTACKER);
    String script = SCRIPT.replace("CHANGE", change).replace(" NS", NAMESPACE);
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      line.heddle(
              "up",
              "--name",
              CLUSTER,
              "--data-plane",
              dataPlane,
              "--detach",
              "-f",
              manifest.toString())
          .succeeded();

      String report = line.shell(CLUSTER, script).succeeded().out();

      assertThat(report).contains("Success       [ratio]", "100.00%", "200:1250");
    }
  }
}
