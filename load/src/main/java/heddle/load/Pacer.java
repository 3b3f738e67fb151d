package heddle.load;

import java.time.Duration;

/** Says when requests are due: a pure function, so that it needs no clock to test. */
public interface Pacer {

  /**
   * When a request should be sent.
   *
   * @param hit number of the request, from 0
   * @return nanoseconds after the start; never less than for an earlier hit
   */
  long dueNanos(long hit);

  /** How many requests are due before {@code duration} has passed. */
  long hits(Duration duration);
}
