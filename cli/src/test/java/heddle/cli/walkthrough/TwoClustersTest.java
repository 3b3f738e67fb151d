package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("walkthrough")
class TwoClustersTest {

  @TempDir private Path home;

  @Test
  void twoClustersWithTheSameManifestsDoNotSeeEachOther() {
    Requirements.need("kubectl", "curl", "ip", "nft", "bwrap");
    String manifest = Examples.manifest("retry").toString();
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      line.heddle("up", "--name", "a", "--detach", "-f", manifest).succeeded();
      line.heddle("up", "--name", "b", "--detach", "-f", manifest).succeeded();

      assertThat(ok(line, "a")).isEqualTo("ok");
      line.shell("a", "kubectl delete deployment blue -n howto-k8s-retry-policy").succeeded();

      assertThat(ok(line, "b")).isEqualTo("ok");
      assertThat(log(line, "b")).containsOnlyOnce("GET /ok");
    }
  }

  private static String ok(HeddleCommandLine line, String cluster) {
    return line.shell(
            cluster,
            "kubectl exec deploy/front -c app -n howto-k8s-retry-policy --"
                + " curl -s color.howto-k8s-retry-policy.svc.cluster.local:5000/ok")
        .succeeded()
        .out()
        .strip();
  }

  private static String log(HeddleCommandLine line, String cluster) {
    return line.shell(cluster, "kubectl logs deploy/blue -c app -n howto-k8s-retry-policy")
        .succeeded()
        .out();
  }
}
