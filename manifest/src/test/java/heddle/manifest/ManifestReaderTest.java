package heddle.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {

  private final ManifestReader reader = new ManifestReader();

  private Node.Mapping root(String text) {
    return reader.read("a.yaml", text).getFirst().root();
  }

  private List<Diagnostic> refusal(String text) {
    try {
      reader.read("a.yaml", text);
    } catch (ManifestException e) {
      return e.diagnostics();
    }
    throw new AssertionError("it was read");
  }

  @Nested
  class Places {

    @Test
    void everyNodeKnowsItsLineAndColumn() {
      Node.Mapping root = root("kind: A\nspec:\n  routes:\n    - name: x\n      weight: 7\n");
      FieldPath path = FieldPath.root().fields("spec", "routes").index(0).field("weight");
      assertThat(path.locate(root).origin()).isEqualTo(new Origin.File("a.yaml", 5, 15));
    }

    @Test
    void everyJsonNodeKnowsItsLineAndColumn() {
      Node.Mapping root = root("{\n\t\"kind\": \"A\",\n  \"spec\": {\"weight\": 7}}");
      FieldPath path = FieldPath.root().fields("spec", "weight");
      assertThat(path.locate(root).origin()).isEqualTo(new Origin.File("a.yaml", 3, 22));
    }

    @Test
    void whatIsMissingIsLocatedAtTheNearestThingAboveIt() {
      Node.Mapping root = root("kind: A\nspec:\n  a: 1\n");
      FieldPath path = FieldPath.root().fields("spec", "b", "c");
      assertThat(path.locate(root).origin()).isEqualTo(new Origin.File("a.yaml", 3, 3));
    }

    @Test
    void aDiagnosticNamesPlaceObjectFieldAndExpectation() {
      FieldPath path =
          FieldPath.of("VirtualRouter", "default", "ratings")
              .fields("spec", "routes")
              .index(0)
              .fields("retryPolicy", "maxRetries");
      Diagnostic diagnostic =
          Diagnostic.error(
              "out-of-range", new Origin.File("bookinfo.yaml", 14, 9), path, "-1 (expected: >= 0)");
      assertThat(diagnostic)
          .hasToString(
              "bookinfo.yaml:14:9 VirtualRouter default/ratings"
                  + " spec.routes[0].retryPolicy.maxRetries: -1 (expected: >= 0)");
    }

    @Test
    void keysThatAreNoPlainWordsAreQuotedInPaths() {
      assertThat(FieldPath.root().fields("metadata", "annotations", "a.b/c"))
          .hasToString("metadata.annotations[\"a.b/c\"]");
    }
  }

  @Nested
  class Scalars {

    @ParameterizedTest
    @CsvSource({
      "0400, 256",
      "0o17, 15",
      "0x1F, 31",
      "0b101, 5",
      "-7, -7",
      "+7, 7",
      "1_000, 1000",
      "0, 0",
    })
    void integersResolveAsKubernetesResolvesThem(String text, long value) {
      assertThat(root("a: " + text).get("a").plain()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "Yes", "true", "TRUE", "on"})
    void wordsForTrueAreTrue(String text) {
      assertThat(root("a: " + text).get("a").plain()).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "No", "false", "off"})
    void wordsForFalseAreFalse(String text) {
      assertThat(root("a: " + text).get("a").plain()).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null", "Null"})
    void wordsForNullAreNull(String text) {
      assertThat(root("a: " + text).get("a")).isInstanceOf(Node.Nothing.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "-1.5e3", "1e3", ".5", "08.5", "1."})
    void fractionsAreNumbers(String text) {
      assertThat(root("a: " + text).get("a")).isInstanceOf(Node.Decimal.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"2026-11-21", "1.2.3", "10.0.0.1", "12:30", "yess", "tRue", "1s", "0xZZ", "-x"})
    void everythingElseIsAString(String text) {
      assertThat(root("a: " + text).get("a").plain()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'yes'", "\"yes\"", "!!str yes", "|-\n  yes"})
    void whatIsQuotedOrTaggedIsAString(String text) {
      assertThat(root("a: " + text).get("a").plain()).isEqualTo("yes");
    }

    @Test
    void integersBeyondALongBecomeNumbers() {
      assertThat(root("a: 18446744073709551615").get("a")).isInstanceOf(Node.Decimal.class);
    }

    @Test
    void keysThatAreNoStringsBecomeStringsAsForKubernetes() {
      assertThat(root("1: a\ny: b\n").plain().keySet()).containsExactly("1", "true");
    }
  }

  @Nested
  class Documents {

    @Test
    void aStreamHasSeveralAndEmptyOnesDoNotCount() {
      assertThat(reader.read("a", "---\n# nothing\n---\nkind: A\n---\nkind: B\n...\n"))
          .extracting(Document::kind)
          .containsExactly("A", "B");
    }

    @Test
    void jsonValuesMayFollowOneAnother() {
      assertThat(reader.read("a", "{\"kind\":\"A\"}\n{\"kind\":\"B\"}"))
          .extracting(Document::kind)
          .containsExactly("A", "B");
    }

    @Test
    void aListBecomesItsItems() {
      String list = "apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n";
      assertThat(reader.read("a", list)).extracting(Document::kind).containsExactly("A", "B");
    }

    @Test
    void yamlMayStartWithABrace() {
      assertThat(reader.read("a", "{kind: A}").getFirst().kind()).isEqualTo("A");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
      assertThat(reader.read("a", "\uFEFFkind: A").getFirst().kind()).isEqualTo("A");
    }

    @Test
    void mergeKeysAddWhatIsNotThere() {
      Node.Mapping root = root("base: &b {x: 1, z: 2}\nuse:\n  <<: *b\n  z: 3\n");
      assertThat(root.mapping("use").plain()).isEqualTo(Map.of("x", 1L, "z", 3L));
    }

    @Test
    void anObjectOfAClusterHasItsIdentityForAnOrigin() {
      Document document =
          Document.ofObject(
              Map.of("kind", "Mesh", "metadata", Map.of("name", "shop", "resourceVersion", "7")));
      assertThat(document.origin())
          .isEqualTo(new Origin.KubernetesObject("Mesh", null, "shop", "7"));
    }

    @Test
    void plainFormAndJsonGiveTheSameBack() {
      Map<String, Object> object = Map.of("a", List.of(1L, "x", true, 1.5));
      Document document = Document.ofObject(object);
      assertThat(document.root().plain()).isEqualTo(object);
      assertThat(document.root().json()).isEqualTo("{\"a\":[1,\"x\",true,1.5]}");
    }
  }

  @Nested
  class Refusals {

    @Test
    void duplicateKeysAreAllNamedWithBothPlaces() {
      assertThat(refusal("a: 1\nb: 2\na: 3\nb: 4\n"))
          .extracting(Diagnostic::toString)
          .containsExactly(
              "a.yaml:3:1: the key \"a\" stands twice in one object (first at a.yaml:1:1)",
              "a.yaml:4:1: the key \"b\" stands twice in one object (first at a.yaml:2:1)");
    }

    @Test
    void syntaxErrorsHaveAPlace() {
      assertThat(refusal("a: [1\nb: 2").getFirst().origin()).isInstanceOf(Origin.File.class);
      assertThat(refusal("a: b: c").getFirst().code()).isEqualTo("yaml-syntax");
      assertThat(refusal("{\"a\": 1").getFirst().code()).isEqualTo("json-syntax");
    }

    @Test
    void aScalarIsNoDocument() {
      assertThat(refusal("just words").getFirst().message())
          .isEqualTo("a string (expected: a Kubernetes object)");
    }

    @Test
    void tooMuchNestingIsRefusedNotOverflown() {
      assertThat(refusal("a: " + "[".repeat(100_000)).getFirst().code()).isEqualTo("too-deep");
      assertThat(refusal("{\"a\":" + "[".repeat(100_000)).getFirst().code())
          .isIn("json-syntax", "too-deep");
    }

    @Test
    void nestingThroughAliasesCountsToo() {
      StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
      for (int i = 1; i < 200; i++) {
        text.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
      }
      assertThat(refusal(text.toString()).getFirst().code()).isEqualTo("too-deep");
    }

    @Test
    void aBombOfAliasesIsDefused() {
      StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
      for (int i = 1; i < 40; i++) {
        text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
      }
      assertThat(refusal(text.toString()).getFirst().code()).isEqualTo("too-large");
    }

    @Test
    void anAliasInsideItsOwnAnchorIsRefused() {
      assertThat(refusal("a: &a [*a]").getFirst().code()).isEqualTo("unknown-alias");
    }

    @Test
    void tooLongATextIsRefused() {
      ManifestReader small = new ManifestReader(new ReadLimits(10, 10, 10));
      assertThatThrownBy(() -> small.read("a", "kind: 12345678"))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("more than 10 characters");
    }

    @Test
    void otherEncodingsAreRefused() {
      assertThatThrownBy(() -> reader.read("a", "kind: ä".getBytes(StandardCharsets.ISO_8859_1)))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("UTF-8");
    }

    @Test
    void unknownTagsAndComplexKeysAreRefused() {
      assertThat(refusal("a: !!binary aGk=").getFirst().code()).isEqualTo("yaml-tag");
      assertThat(refusal("? [a]\n: b").getFirst().code()).isEqualTo("key-type");
    }
  }
}
