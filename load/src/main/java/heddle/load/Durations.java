package heddle.load;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, which is how load testers write them: {@code 4s}, {@code 1m30s}. */
public final class Durations {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000 * MICRO;
  private static final long SECOND = 1_000 * MILLI;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final Pattern PART =
      Pattern.compile("(\\d+(?:\\.\\d+)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

  private Durations() {}

  /**
   * Reads a duration of 0 or more; {@code 0} needs no unit.
   *
   * @throws IllegalArgumentException when the text is no duration
   */
  public static Duration parse(String text) {
    String rest = text.strip();
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = PART.matcher(rest);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < rest.length() && part.find(end) && part.start() == end) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
      end = part.end();
    }
    if (end == 0 || end < rest.length() || nanos.compareTo(new BigDecimal(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(
          "duration: " + text + " (expected: a number with a unit, e.g. 4s, 100ms or 1m30s)");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  /** Three decimals at most of its largest unit, as vegeta's report rounds: {@code 2.043ms}. */
  static String rounded(long nanos) {
    long step = 1;
    if (nanos >= HOUR) {
      step = MINUTE;
    } else if (nanos >= MINUTE) {
      step = SECOND;
    } else if (nanos >= SECOND) {
      step = MILLI;
    } else if (nanos >= MILLI) {
      step = MICRO;
    }
    return format((nanos + step / 2) / step * step);
  }

  /** As Go's {@code Duration.String}: {@code 1m30s}, {@code 3.98s}, {@code 0s}. */
  public static String format(long nanos) {
    if (nanos < 0) {
      return "-" + format(-nanos);
    }
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < MICRO) {
      return nanos + "ns";
    }
    if (nanos < MILLI) {
      return decimal(nanos, MICRO) + "µs";
    }
    if (nanos < SECOND) {
      return decimal(nanos, MILLI) + "ms";
    }
    String text = decimal(nanos % MINUTE, SECOND) + "s";
    if (nanos >= MINUTE) {
      text = nanos % HOUR / MINUTE + "m" + text;
    }
    return nanos >= HOUR ? nanos / HOUR + "h" + text : text;
  }

  private static String decimal(long nanos, long unit) {
    return BigDecimal.valueOf(nanos)
        .divide(BigDecimal.valueOf(unit), 9, RoundingMode.UNNECESSARY)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static BigDecimal unit(String name) {
    return BigDecimal.valueOf(
        switch (name) {
          case "ns" -> 1;
          case "us", "µs", "μs" -> MICRO;
          case "ms" -> MILLI;
          case "s" -> SECOND;
          case "m" -> MINUTE;
          case "h" -> HOUR;
          default ->
              throw new IllegalStateException("a unit that the pattern does not know: " + name);
        });
  }
}
