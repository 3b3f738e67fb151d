package heddle.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.type.Types;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {

  private static ObjectNode labelled(String key, String value) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.withObject("/metadata/labels").put(key, value);
    return object;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app=web            | true
          app==web           | true
          app=other          | false
          app!=other         | true
          app!=web           | false
          missing!=x         | true
          app in (a, web)    | true
          app notin (a, web) | false
          missing notin (a)  | true
          app                | true
          !app               | false
          !missing           | true
          app=web,!missing   | true
          app=web,missing    | false
          """)
  void labelSelectorsMatchAsKubernetesHasThem(String selector, boolean matches) {
    assertThat(LabelSelector.parse(selector).matches(labelled("app", "web"))).isEqualTo(matches);
  }

  @Property(tries = 200)
  void equalityAndInequalityAreOpposites(
      @ForAll @AlphaChars @StringLength(min = 1, max = 8) String key,
      @ForAll @AlphaChars @StringLength(min = 1, max = 8) String value,
      @ForAll @AlphaChars @StringLength(min = 1, max = 8) String other) {
    ObjectNode object = labelled(key, value);
    assertThat(LabelSelector.parse(key + "=" + other).matches(object))
        .isNotEqualTo(LabelSelector.parse(key + "!=" + other).matches(object));
    assertThat(LabelSelector.parse(key + " in (" + other + ")").matches(object))
        .isNotEqualTo(LabelSelector.parse(key + " notin (" + other + ")").matches(object));
  }

  @Test
  void badSelectorsAndUnknownFieldsAreRefused() {
    assertThatThrownBy(() -> LabelSelector.parse("a=(b"))
        .hasMessageContaining("unable to parse requirement");
    var pods = new Types().find("", "v1", "pods").orElseThrow();
    assertThatThrownBy(() -> FieldSelector.parse("spec.color=red", pods))
        .hasMessage("field label not supported: spec.color");
  }

  @Test
  void fieldSelectorsCompareTextsAndFlags() {
    var nodes = new Types().find("", "v1", "nodes").orElseThrow();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.withObject("/metadata").put("name", "n");
    assertThat(FieldSelector.parse("metadata.name=n,spec.unschedulable=false", nodes).matches(node))
        .isTrue();
    assertThat(FieldSelector.parse("metadata.name!=n", nodes).matches(node)).isFalse();
  }
}
