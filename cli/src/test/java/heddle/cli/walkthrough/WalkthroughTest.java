package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
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
    // The document's 60 and 30 seconds are the demo's; the behaviour is the same with fewer.
    holds(
        Account.current(),
        "retry",
        "--set",
        "HEAVY_SECONDS=10",
        "--set",
        "GRACE_SECONDS=2",
        "--set",
        "LOAD_SECONDS=15");
  }

  private void holds(Account account, String name, String... more) throws Exception {
    Requirements.need("kubectl", "curl", "jq", "ip", "nft", "bwrap");
    try (HeddleCommandLine line = new HeddleCommandLine(home, account)) {
      String[] arguments =
          Stream.concat(Stream.of("demo", name, "-o", "json"), Stream.of(more))
              .toArray(String[]::new);

      HeddleCommandLine.Result result = line.heddle(arguments);

      JsonNode steps = new ObjectMapper().readTree(result.out()).path("steps");
      assertThat(steps.size()).as(result.err()).isGreaterThan(FEWEST_STEPS);
      assertThat(steps).allMatch(step -> step.path("ok").asBoolean());
      assertThat(result.exitCode()).isZero();
    }
  }
}
