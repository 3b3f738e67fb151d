package heddle.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "4s, 4000000000",
    "1m30s, 90000000000",
    "1.5s, 1500000000",
    "100ms, 100000000",
    "2us, 2000",
    "2µs, 2000",
    "7ns, 7",
    "0, 0",
    "1h, 3600000000000"
  })
  void readsGoDurations(String text, long nanos) {
    assertThat(Durations.parse(text).toNanos()).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "s", "", "4 s", "-4s", "4s!", "x4s"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> Durations.parse(text)).hasMessageContaining("expected: a number");
  }

  @ParameterizedTest
  @CsvSource({
    "3982000000, 3.982s",
    "3980000000, 3.98s",
    "1628000, 1.628ms",
    "12771499, 12.771ms",
    "999, 999ns",
    "1500, 1.5µs",
    "0, 0s",
    "90000000000, 1m30s",
    "60000000000, 1m0s"
  })
  void roundsAsTheReportDoes(long nanos, String text) {
    assertThat(Durations.rounded(nanos)).isEqualTo(text);
  }

  @Test
  void writesWhatItReads() {
    assertThat(Durations.format(Durations.parse("2h3m4.5s").toNanos())).isEqualTo("2h3m4.5s");
  }
}
