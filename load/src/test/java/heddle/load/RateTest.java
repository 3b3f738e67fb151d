package heddle.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
  @Test
  void fiftyPerSecondForFourSecondsAreTwoHundredAndTheLastIsDueAfter3980Milliseconds() {
    var rate = Rate.parse("50");

    assertThat(rate.hits(Duration.ofSeconds(4))).isEqualTo(200);
    assertThat(rate.dueNanos(0)).isZero();
    assertThat(rate.dueNanos(199)).isEqualTo(Duration.ofMillis(3980).toNanos());
  }

  @ParameterizedTest
  @CsvSource({"50, 1s, 50", "3, 1s, 3", "7/1m, 30s, 4", "1000/s, 1500us, 2", "1/1h, 1s, 1"})
  void sendsEveryRequestThatIsDueBeforeTheEnd(String rate, String duration, long hits) {
    var pacer = Rate.parse(rate);
    var time = Durations.parse(duration);

    assertThat(pacer.hits(time)).isEqualTo(hits);
    assertThat(pacer.dueNanos(hits - 1)).isLessThan(time.toNanos());
    assertThat(pacer.dueNanos(hits)).isGreaterThanOrEqualTo(time.toNanos());
  }

  @Test
  void staysExactAfterAYearAtAHighRate() {
    var rate = Rate.parse("30000");
    long hit = 30_000L * 3600 * 24 * 365;

    assertThat(rate.dueNanos(hit)).isEqualTo(Duration.ofDays(365).toNanos());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "0", "-1", "5/", "5/0s", ""})
  void refusesWhatIsNoRate(String text) {
    assertThatThrownBy(() -> Rate.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
