package heddle.xds.ads;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before connecting again: doubled each time up to a ceiling, then a random share
 * of that (Envoy's jittered exponential back-off).
 *
 * @param initial the bound of the first wait
 * @param ceiling no wait is longer
 */
public record Backoff(Duration initial, Duration ceiling) {
  /** Envoy's values for a lost management stream: 0.5 s, at most 30 s. */
  public static final Backoff ENVOY = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  public Backoff {
    if (initial.isNegative() || initial.isZero() || ceiling.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "back-off " + initial + " to " + ceiling + " (expected: 0 < initial <= ceiling)");
    }
  }

  /**
   * The wait before an attempt.
   *
   * @param failures attempts that failed in a row, from 1
   */
  public Duration before(int failures, RandomGenerator random) {
    int doublings = Math.min(Math.max(failures - 1, 0), 30);
    double bound =
        Math.min((double) ceiling.toNanos(), (double) initial.toNanos() * (1L << doublings));
    return Duration.ofNanos((long) (random.nextDouble() * bound));
  }
}
