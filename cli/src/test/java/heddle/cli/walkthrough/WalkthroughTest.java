package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walkthroughs, each run as {@code heddle demo} runs it: with the real kubectl and curl, in a
 * fresh cluster. Every step of a demo is a test of its own.
 */
@Tag("walkthrough")
class WalkthroughTest {

  @TempDir private Path home;

  @TestFactory
  Stream<DynamicTest> outlierDetection() throws Exception {
    return demo("outlier-detection");
  }

  @TestFactory
  Stream<DynamicTest> retryDuringADeploy() throws Exception {
    // The document's 60 and 30 seconds are the demo's; the behaviour is the same with fewer.
    return demo(
        "retry",
        "--set",
        "HEAVY_SECONDS=10",
        "--set",
        "GRACE_SECONDS=2",
        "--set",
        "LOAD_SECONDS=15");
  }

  private Stream<DynamicTest> demo(String name, String... more) throws Exception {
    Requirements.need("kubectl", "curl", "jq", "ip", "nft", "bwrap");
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      String[] arguments =
          Stream.concat(Stream.of("demo", name, "-o", "json"), Stream.of(more))
              .toArray(String[]::new);
      HeddleCommandLine.Result result = line.heddle(arguments);
      JsonNode report = new ObjectMapper().readTree(result.out());
      assertThat(report.path("steps")).as(result.err()).isNotEmpty();
      return Stream.concat(
          StreamSupport.stream(report.path("steps").spliterator(), false).map(this::step),
          Stream.of(
              DynamicTest.dynamicTest(
                  "exit code 0", () -> assertThat(result.exitCode()).as(result.err()).isZero())));
    }
  }

  private DynamicTest step(JsonNode step) {
    return DynamicTest.dynamicTest(
        step.path("step").asText(),
        () ->
            assertThat(step.path("ok").asBoolean())
                .as("expected %s, observed %s", step.path("expected"), step.path("observed"))
                .isTrue());
  }
}
