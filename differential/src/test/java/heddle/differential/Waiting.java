package heddle.differential;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waiting for conditions, with words for the case that they never come. */
final class Waiting {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private Waiting() {}

  /** Waits until {@code holds}; {@code found} says what is there when time is up. */
  static void until(String what, Callable<Boolean> holds, Supplier<String> found) {
    until(what, PATIENCE, holds, found);
  }

  static void until(
      String what, Duration patience, Callable<Boolean> holds, Supplier<String> found) {
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(3))
          .atMost(patience)
          .until(holds);
    } catch (ConditionTimeoutException e) {
      throw new ScenarioException(
          "waited %d s for %s; there is: %s".formatted(patience.toSeconds(), what, found.get()), e);
    }
  }
}
