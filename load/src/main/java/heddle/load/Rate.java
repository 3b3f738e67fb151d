package heddle.load;

import java.time.Duration;

/**
 * A constant rate: {@code hits} requests, evenly spread, in every {@code per}.
 *
 * @param hits at least 1
 * @param per longer than 0
 */
public record Rate(long hits, Duration per) implements Pacer {

  /**
   * @throws IllegalArgumentException when a value is out of range
   */
  public Rate {
    if (hits < 1) {
      throw new IllegalArgumentException("rate: " + hits + " (expected: >= 1)");
    }
    if (per.isNegative() || per.isZero()) {
      throw new IllegalArgumentException("rate: per " + per + " (expected: longer than 0)");
    }
  }

  /**
   * Reads {@code 50}, {@code 50/s}, {@code 300/1m} or {@code 10/500ms}.
   *
   * @throws IllegalArgumentException when the text is none of these
   */
  public static Rate parse(String text) {
    String[] parts = text.split("/", 2);
    try {
      String per = parts.length == 1 ? "1s" : parts[1];
      boolean unitOnly = !per.isEmpty() && Character.isLetter(per.charAt(0));
      return new Rate(
          Long.parseLong(parts[0].strip()), Durations.parse(unitOnly ? "1" + per : per));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "rate: " + text + " (expected: e.g. 50, 50/s or 300/1m)", e);
    }
  }

  @Override
  public long dueNanos(long hit) {
    long nanos = per.toNanos();
    // Whole periods first: hit * nanos would overflow after minutes at high rates.
    return hit / hits * nanos + Math.multiplyExact(hit % hits, nanos) / hits;
  }

  @Override
  public long hits(Duration duration) {
    long nanos = per.toNanos();
    long whole = duration.toNanos() / nanos;
    long rest = duration.toNanos() % nanos;
    return whole * hits + Math.ceilDiv(Math.multiplyExact(rest, hits), nanos);
  }
}
