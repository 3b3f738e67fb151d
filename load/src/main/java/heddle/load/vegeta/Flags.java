package heddle.load.vegeta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Flags as Go programs take them: {@code -name=value}, {@code -name value}, one dash or two. */
final class Flags {
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final List<String> rest = new ArrayList<>();

  /**
   * @param known flags with a value
   * @param switches flags that may stand alone, meaning true
   * @param refused flags of the real command that this one cannot honour → why
   * @throws UsageException for any other flag
   */
  static Flags parse(
      List<String> words, Set<String> known, Set<String> switches, Map<String, String> refused)
      throws UsageException {
    var flags = new Flags();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-") || word.equals("-")) {
        flags.rest.addAll(words.subList(i, words.size()));
        return flags;
      }
      String body = word.startsWith("--") ? word.substring(2) : word.substring(1);
      int equals = body.indexOf('=');
      String name = equals < 0 ? body : body.substring(0, equals);
      check(name, known, switches, refused);
      if (equals >= 0) {
        flags.add(name, body.substring(equals + 1));
      } else if (switches.contains(name)) {
        flags.add(name, "true");
      } else if (i + 1 < words.size()) {
        flags.add(name, words.get(++i));
      } else {
        throw new UsageException("-" + name + " needs a value");
      }
    }
    return flags;
  }

  Optional<String> last(String name) {
    return Optional.ofNullable(values.get(name)).map(List::getLast);
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  List<String> rest() {
    return rest;
  }

  boolean isOn(String name, boolean otherwise) throws UsageException {
    String text = last(name).orElse(Boolean.toString(otherwise));
    return switch (text) {
      case "true", "1", "t" -> true;
      case "false", "0", "f" -> false;
      default -> throw new UsageException("-" + name + ": " + text + " (expected: true or false)");
    };
  }

  int number(String name, int otherwise) throws UsageException {
    String text = last(name).orElse(Integer.toString(otherwise));
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UsageException("-" + name + ": " + text + " (expected: a whole number)");
    }
  }

  private static void check(
      String name, Set<String> known, Set<String> switches, Map<String, String> refused)
      throws UsageException {
    if (refused.containsKey(name)) {
      throw new UsageException("-" + name + " is not supported: " + refused.get(name));
    }
    if (!known.contains(name) && !switches.contains(name)) {
      var all = new TreeSet<>(known);
      all.addAll(switches);
      throw new UsageException("unknown flag -" + name + " (expected: one of " + all + ")");
    }
  }

  private void add(String name, String value) {
    values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }
}
