package heddle.cli.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.manifest.Diagnostic;
import heddle.manifest.FieldPath;
import heddle.manifest.Origin;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How diagnostics look to people, to programs and to code scanners. */
class LintFormatTest {

  private static final FieldPath RETRIES =
      FieldPath.of("VirtualRouter", "shop", "cart").fields("spec", "maxRetries");

  private static final List<Diagnostic> FOUND =
      List.of(
          Diagnostic.error(
                  "out-of-range",
                  new Origin.File("a b.yaml", 14, 9),
                  RETRIES,
                  "-1 (expected: >= 0)")
              .withHint("use 0 for none"),
          Diagnostic.error(
              "syntax", new Origin.File("/tmp/x.yaml", 1, 1), FieldPath.root(), "not YAML"),
          Diagnostic.warning(
              "unused", new Origin.File("a b.yaml", 20, 3), RETRIES, "has no effect"));

  @Nested
  class Text {

    @Test
    void isALineEachWithTheHintBelowAndASummary() {
      assertThat(LintFormat.text.show(FOUND, 2, false))
          .isEqualTo(
              """
              a b.yaml:14:9: error: VirtualRouter shop/cart spec.maxRetries: -1 (expected: >= 0) [out-of-range]
                hint: use 0 for none
              /tmp/x.yaml:1:1: error: not YAML [syntax]
              a b.yaml:20:3: warning: VirtualRouter shop/cart spec.maxRetries: has no effect [unused]
              2 errors, 1 warning in 2 files
              """);
    }

    @Test
    void saysSoWhenThereIsNothingToSay() {
      assertThat(LintFormat.text.show(List.of(), 1, false)).isEqualTo("no problems in 1 file\n");
    }

    @Test
    void isColouredOnATerminalOnly() {
      assertThat(LintFormat.text.show(FOUND, 2, true)).contains("\033[1;31merror\033[0m:");
    }
  }

  @Nested
  class Json {

    @Test
    void hasCountsAndEveryMemberThatApplies() throws IOException {
      JsonNode root = new ObjectMapper().readTree(LintFormat.json.show(FOUND, 2, false));

      assertThat(root)
          .isEqualTo(
              new ObjectMapper()
                  .readTree(
                      """
                      {"files": 2, "errors": 2, "warnings": 1, "notes": 0, "diagnostics": [
                        {"severity": "error", "code": "out-of-range",
                         "file": "a b.yaml", "line": 14, "column": 9,
                         "object": "VirtualRouter shop/cart", "field": "spec.maxRetries",
                         "message": "-1 (expected: >= 0)", "hint": "use 0 for none"},
                        {"severity": "error", "code": "syntax",
                         "file": "/tmp/x.yaml", "line": 1, "column": 1, "message": "not YAML"},
                        {"severity": "warning", "code": "unused",
                         "file": "a b.yaml", "line": 20, "column": 3,
                         "object": "VirtualRouter shop/cart", "field": "spec.maxRetries",
                         "message": "has no effect"}]}
                      """));
    }
  }

  /** What the schema of SARIF 2.1.0 requires, and what scanners need beyond it. */
  @Nested
  class SarifLog {

    private final JsonNode log = read();
    private final JsonNode run = log.path("runs").path(0);

    private static JsonNode read() {
      try {
        return new ObjectMapper().readTree(LintFormat.sarif.show(FOUND, 2, false));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void hasAVersionAndRunsWithATool() {
      assertThat(log.path("version").asText()).isEqualTo("2.1.0");
      assertThat(log.path("$schema").asText()).endsWith("/sarif-schema-2.1.0.json");
      assertThat(log.path("runs")).hasSize(1);
      assertThat(run.path("tool").path("driver").path("name").asText()).isEqualTo("heddle");
      assertThat(run.path("results").isArray()).isTrue();
    }

    @Test
    void everyResultHasAMessageALevelOfTheSchemaAndARuleThatIsDescribed() {
      JsonNode rules = run.path("tool").path("driver").path("rules");
      for (JsonNode result : run.path("results")) {
        assertThat(result.path("message").path("text").asText()).isNotEmpty();
        assertThat(Set.of("none", "note", "warning", "error"))
            .contains(result.path("level").asText());
        assertThat(rules.path(result.path("ruleIndex").asInt()).path("id").asText())
            .isNotEmpty()
            .isEqualTo(result.path("ruleId").asText());
      }
    }

    @Test
    void everyPlaceIsAUriReferenceAndALineFromOne() {
      for (JsonNode result : run.path("results")) {
        JsonNode place = result.path("locations").path(0).path("physicalLocation");
        assertThat(place.path("region").path("startLine").asInt()).isPositive();
        assertThat(place.path("region").path("startColumn").asInt()).isPositive();
      }
      assertThat(run.findValuesAsText("uri"))
          .containsExactly("a%20b.yaml", "file:///tmp/x.yaml", "a%20b.yaml");
    }
  }
}
