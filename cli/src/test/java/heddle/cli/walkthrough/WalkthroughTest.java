package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walkthroughs, each run as {@code heddle demo} runs it: with the real kubectl and curl, in a
 * fresh cluster. The demo's steps are the assertions.
 */
@Tag("walkthrough")
class WalkthroughTest {

  private static final int FEWEST_STEPS = 20;

  /** The document's 60 and 30 seconds are the demo's; the behaviour is the same with fewer. */
  private static final List<String> SHORT =
      List.of("--set", "HEAVY_SECONDS=10", "--set", "GRACE_SECONDS=2", "--set", "LOAD_SECONDS=15");

  @TempDir private Path home;

  @Test
  void outlierDetection() throws Exception {
    holds(Account.current(), "outlier-detection");
  }

  @Test
  void outlierDetectionForAnOrdinaryUser() throws Exception {
    Requirements.need("setpriv", "unshare");
    holds(Account.ordinary(home), "outlier-detection");
  }

  @Test
  void retryDuringADeploy() throws Exception {
    holds(Account.current(), "retry", and(SHORT));
  }

  /** And without root, which is the harder case: Envoy has the rights of a user namespace only. */
  @Test
  void outlierDetectionWithEnvoysForAnOrdinaryUser() throws Exception {
    Requirements.needEnvoy();
    Requirements.need("setpriv", "unshare");
    holds(Account.ordinary(home), "outlier-detection", "--data-plane", "envoy");
  }

  @Test
  void retryDuringADeployWithEnvoys() throws Exception {
    Requirements.needEnvoy();
    holds(Account.current(), "retry", and(SHORT, "--data-plane", "envoy"));
  }

  /** The callers have Envoys, the called pods do not. */
  @Test
  void retryDuringADeployInAMixedMesh() throws Exception {
    Requirements.needEnvoy();
    Path examples = Files.createDirectories(home.resolve("mixed/examples/retry"));
    for (String file : List.of("scenario.yaml", "traffic.yaml", "manifest.yaml")) {
      String text = Files.readString(Examples.root().resolve("examples/retry").resolve(file));
      Files.writeString(
          examples.resolve(file),
          text.replace(
              "labels: {app: color, version: blue}\n    spec:",
              "labels: {app: color, version: blue}\n"
                  + "      annotations: {heddle.dev/data-plane: embedded}\n    spec:"));
    }
    assertThat(examples.resolve("manifest.yaml")).content().contains("heddle.dev/data-plane");
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      line.examplesIn(home.resolve("mixed"));
      holds(line, "retry", and(SHORT, "--data-plane", "envoy"));
    }
  }

  private static String[] and(List<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private void holds(Account account, String name, String... more) throws Exception {
    try (HeddleCommandLine line = new HeddleCommandLine(home, account)) {
      holds(line, name, more);
    }
  }

  private static void holds(HeddleCommandLine line, String name, String... more) throws Exception {
    Requirements.need("kubectl", "curl", "jq", "ip", "nft", "bwrap");
    String[] arguments = and(List.of("demo", name, "-o", "json"), more);

    HeddleCommandLine.Result result = line.heddle(arguments);

    JsonNode steps = new ObjectMapper().readTree(result.out()).path("steps");
    assertThat(steps.size()).as(result.err()).isGreaterThan(FEWEST_STEPS);
    assertThat(steps).allMatch(step -> step.path("ok").asBoolean());
    assertThat(result.exitCode()).isZero();
  }
}
