package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.cli.BadManifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code kubectl apply} says of bad manifests: the field, in the error or in a condition; and
 * each object is applied wholly or not at all.
 */
@Tag("walkthrough")
class BadManifestsTest {

  private static final String CLUSTER = "bad";

  @TempDir private static Path home;
  private static HeddleCommandLine line;

  @BeforeAll
  static void start() throws IOException {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    line = new HeddleCommandLine(home);
    Path mesh = Files.writeString(home.resolve("mesh.yaml"), BadManifests.MESH);
    line.heddle("up", "--name", CLUSTER, "--detach", "-f", mesh.toString()).succeeded();
  }

  @AfterAll
  static void stop() {
    if (line != null) {
      line.close();
    }
  }

  @AfterEach
  void removeWhatWasApplied() {
    line.shell(CLUSTER, "kubectl delete virtualnode,virtualrouter -n shop --all").succeeded();
  }

  /** kubectl 1.25 and later ask for strict reading; older ones are warned. */
  @Test
  void aMisspeltFieldIsNamedAndNothingIsAppliedOrAWarningSaysThatItWasLeftOut() throws IOException {
    HeddleCommandLine.Result result = apply(BadManifests.MISSPELT);

    assertThat(result.err()).contains("unknown field \"spec.podSelectr\"");
    if (result.exitCode() == 0) {
      assertThat(result.err()).contains("Warning:");
      assertThat(get("virtualnode/cart", "{.spec.listeners[0].portMapping.port}"))
          .isEqualTo("8080");
    } else {
      assertThat(applied()).isEmpty();
    }
  }

  @Test
  void anImpossibleNumberIsNamedWithItsFieldAndNothingIsApplied() throws IOException {
    HeddleCommandLine.Result result = apply(BadManifests.NEGATIVE);

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err())
        .contains(
            "The VirtualRouter \"cart\" is invalid:"
                + " spec.routes[0].httpRoute.retryPolicy.maxRetries: Invalid value: -1",
            "should be greater than or equal to 0");
    assertThat(applied()).isEmpty();
  }

  @Test
  void aRouteToNowhereIsAppliedAndAConditionSaysWhichFieldLeadsThere() throws IOException {
    apply(BadManifests.DANGLING).succeeded();

    line.shell(
            CLUSTER,
            "kubectl wait virtualrouter/cart -n shop --for=condition=VirtualRouterActive=False"
                + " --timeout=30s")
        .succeeded();
    assertThat(get("virtualrouter/cart", "{.status.conditions[0].message}"))
        .isEqualTo(
            "spec.routes[0].httpRoute.action.weightedTargets[0].virtualNodeRef.name:"
                + " there is no VirtualNode shop/cart");
    assertThat(get("virtualrouter/cart", "{.spec.routes[0].httpRoute.retryPolicy.maxRetries}"))
        .isEqualTo("2");
  }

  @Test
  void ofTheSameObjectTwiceTheLastIsThereWhole() throws IOException {
    HeddleCommandLine.Result result = apply(BadManifests.DUPLICATE).succeeded();

    assertThat(result.out()).contains("cart created", "cart configured");
    assertThat(get("virtualnode/cart", "{.spec.listeners[0].portMapping.port}")).isEqualTo("9090");
    assertThat(get("virtualnode/cart", "{.spec.podSelector.matchLabels.app}")).isEqualTo("cart");
  }

  @Test
  void tenMebibytesAreRefusedWithTheLimit() throws IOException {
    HeddleCommandLine.Result result = apply(BadManifests.tenMebibytes());

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("too large", "limit is 3145728");
    assertThat(applied()).isEmpty();
  }

  @Test
  void aYamlBombDoesNoHarmWhoeverSendsIt() throws IOException {
    assertThat(apply(BadManifests.bomb()).exitCode()).isNotZero();
    assertThat(applied()).isEmpty();
  }

  private static HeddleCommandLine.Result apply(String manifest) throws IOException {
    Path file = Files.writeString(Files.createTempFile(home, "bad", ".yaml"), manifest);
    return line.shell(CLUSTER, "kubectl apply -f " + file);
  }

  private static String applied() {
    return line.shell(CLUSTER, "kubectl get virtualnode,virtualrouter -n shop -o name")
        .succeeded()
        .out();
  }

  private static String get(String object, String path) {
    return line.shell(CLUSTER, "kubectl get " + object + " -n shop -o jsonpath='" + path + "'")
        .succeeded()
        .out();
  }
}
