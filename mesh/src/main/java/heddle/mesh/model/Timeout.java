package heddle.mesh.model;

import java.time.Duration;

/** A timeout of which it is known whether somebody set it. */
public sealed interface Timeout {

  /** Nobody said anything: the proxy's own default holds. */
  record Default() implements Timeout {}

  /** Switched off. */
  record Disabled() implements Timeout {}

  /** After a positive time. */
  record After(Duration duration) implements Timeout {
    public After {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException(duration + " (expected: > 0)");
      }
    }
  }

  /** Zero switches a timeout off. */
  static Timeout of(Duration duration) {
    return duration.isZero() ? new Disabled() : new After(duration);
  }
}
