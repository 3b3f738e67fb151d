package heddle.workload;

import java.util.Map;
import java.util.OptionalInt;

/** Reads an application's settings from its environment, and says what is wrong with one. */
final class Settings {
  private final Map<String, String> environment;

  Settings(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The first of the named variables that is set. */
  OptionalInt number(int min, int max, String... names) {
    for (String name : names) {
      String text = environment.get(name);
      if (text != null && !text.isBlank()) {
        return OptionalInt.of(parse(name, text.strip(), min, max));
      }
    }
    return OptionalInt.empty();
  }

  String required(String name, String example) {
    String text = environment.get(name);
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException(name + " is not set (expected: e.g. " + example + ")");
    }
    return text.strip();
  }

  private static int parse(String name, String text, int min, int max) {
    String expected = " (expected: a whole number from " + min + " to " + max + ")";
    try {
      int value = Integer.parseInt(text);
      if (value < min || value > max) {
        throw new IllegalArgumentException(name + ": " + text + expected);
      }
      return value;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + text + expected, e);
    }
  }
}
