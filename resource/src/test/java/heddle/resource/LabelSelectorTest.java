package heddle.resource;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.resource.LabelSelector.Operator;
import heddle.resource.LabelSelector.Requirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelSelectorTest {

  private static boolean holds(Operator operator, List<String> values, Map<String, String> labels) {
    return new LabelSelector(Map.of(), List.of(new Requirement("a", operator, values)))
        .matches(labels);
  }

  @Test
  void anEmptySelectorMatchesEverything() {
    assertThat(new LabelSelector(Map.of(), List.of()).matches(Map.of())).isTrue();
  }

  @Test
  void everyLabelMustBeThere() {
    LabelSelector selector = new LabelSelector(Map.of("a", "1", "b", "2"), List.of());
    assertThat(selector.matches(Map.of("a", "1", "b", "2", "c", "3"))).isTrue();
    assertThat(selector.matches(Map.of("a", "1"))).isFalse();
    assertThat(selector.matches(Map.of("a", "1", "b", "3"))).isFalse();
  }

  @Test
  void operatorsMeanWhatKubernetesMeans() {
    assertThat(holds(Operator.IN, List.of("1", "2"), Map.of("a", "2"))).isTrue();
    assertThat(holds(Operator.IN, List.of("1"), Map.of())).isFalse();
    assertThat(holds(Operator.NOT_IN, List.of("1"), Map.of())).isTrue();
    assertThat(holds(Operator.NOT_IN, List.of("1"), Map.of("a", "1"))).isFalse();
    assertThat(holds(Operator.EXISTS, List.of(), Map.of("a", ""))).isTrue();
    assertThat(holds(Operator.DOES_NOT_EXIST, List.of(), Map.of("a", ""))).isFalse();
  }
}
