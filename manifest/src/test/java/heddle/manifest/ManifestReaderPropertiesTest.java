package heddle.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;

/** Whatever comes in: a tree comes out, or diagnostics with places. */
class ManifestReaderPropertiesTest {

  private final ManifestReader reader = new ManifestReader(new ReadLimits(10_000, 50, 5_000));

  @Property(tries = 2_000)
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 200) String text) {
    readOrRefuse(text);
  }

  @Property(tries = 5_000)
  void anyMixtureOfYamlIsReadOrRefused(@ForAll("fragments") List<String> fragments) {
    readOrRefuse(String.join("", fragments));
  }

  @Property(tries = 500)
  void jsonReadsBackAsItWasWritten(@ForAll("objects") Map<String, Object> object) {
    String json = Document.ofObject(object).root().json();
    assertThat(reader.read("a.json", json).getFirst().root().plain()).isEqualTo(object);
  }

  @Property(tries = 500)
  void jsonIsYaml(@ForAll("objects") Map<String, Object> object) {
    String json = Document.ofObject(object).root().json();
    assertThat(reader.read("a.yaml", "---\n" + json).getFirst().root().plain()).isEqualTo(object);
  }

  private void readOrRefuse(String text) {
    try {
      reader
          .read("a.yaml", text)
          .forEach(document -> assertThat(document.root().json()).isNotNull());
    } catch (ManifestException e) {
      assertThat(e.diagnostics()).isNotEmpty();
      assertThat(e.diagnostics())
          .allSatisfy(d -> assertThat(d.origin()).isInstanceOf(Origin.File.class));
    }
  }

  @Provide
  Arbitrary<List<String>> fragments() {
    return Arbitraries.of(
            "a",
            "b",
            ": ",
            "- ",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "&x ",
            "*x",
            "<<: ",
            "'",
            "\"",
            "|",
            ">",
            "#",
            "---\n",
            "...\n",
            "? ",
            "!!str ",
            "!!int ",
            "!t ",
            "0400",
            "yes",
            "~",
            "%",
            "\t",
            "\\u0041",
            "\u2028",
            "\uD83D\uDE00")
        .list()
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<Map<String, Object>> objects() {
    Arbitrary<String> words =
        Arbitraries.strings().withCharRange(' ', '~').withChars('ä', '\t', '\n').ofMaxLength(12);
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            words.map(w -> (Object) w),
            Arbitraries.longs().map(n -> (Object) n),
            Arbitraries.of(true, false).map(b -> (Object) b));
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            scalars,
            scalars.list().ofMaxSize(4).map(l -> (Object) l),
            Arbitraries.maps(words, scalars).ofMaxSize(4).map(m -> (Object) m));
    return Arbitraries.maps(words, values).ofMaxSize(5);
  }
}
