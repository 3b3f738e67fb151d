package heddle.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void marksOfALinearScaleAreRoundAndFew() {
    assertThat(Scale.linear(0, 2.75, 0, 100).marks()).containsExactly(0.0, 0.5, 1.0, 1.5, 2.0, 2.5);
    assertThat(Scale.linear(0, 600, 0, 100).marks())
        .containsExactly(0.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0);
  }

  @Test
  void aLogarithmicScaleIsWidenedToPowersOfTen() {
    Scale scale = Scale.logarithmic(0.3, 40, 0, 300);
    assertThat(scale.marks()).containsExactly(0.1, 1.0, 10.0, 100.0);
    assertThat(scale.at(0.1)).isZero();
    assertThat(scale.at(10)).isCloseTo(200, within(1e-9));
  }

  @Test
  void labelsHaveNoMoreDigitsThanTheyNeed() {
    assertThat(Scale.label(0.1)).isEqualTo("0.1");
    assertThat(Scale.label(10000)).isEqualTo("10,000");
  }
}
