package heddle.cluster.node.pod;

import java.time.Duration;

/** How long a container waits before it starts again (a kubelet's numbers). */
final class BackOff {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofSeconds(300);

  /** A run this long forgets earlier failures. */
  static final Duration FORGIVEN = Duration.ofMinutes(10);

  private BackOff() {}

  /**
   * The delay after a number of ends in a row: none, 10 s, 20 s… 300 s.
   *
   * @param ends how often it ended since it last ran for long, at least 1
   */
  static Duration afterEnds(int ends) {
    if (ends <= 1) {
      return Duration.ZERO;
    }
    Duration delay = FIRST.multipliedBy(1L << Math.min(ends - 2, 10));
    return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
  }
}
