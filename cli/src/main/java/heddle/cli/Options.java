package heddle.cli;

import heddle.load.Durations;
import java.time.Duration;

/** Reads values of options that several verbs have. */
final class Options {

  private Options() {}

  /** A duration such as {@code 90s}, {@code 2m} or {@code 1m30s}. */
  static Duration duration(String option, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          option + ": '" + text + "' (expected: a number with a unit, such as 90s or 1m30s)");
    }
  }
}
