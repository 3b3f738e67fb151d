package heddle.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges what was seen on the two data planes, against the expectation and against each other. */
final class Comparison {
  private static final String NOTHING = "(nothing)";

  private final Scenario scenario;
  private final Observation embedded;
  private final @Nullable Observation envoy;

  /**
   * @param envoy null: there is no Envoy, and the embedded proxy is judged alone
   */
  Comparison(Scenario scenario, Observation embedded, @Nullable Observation envoy) {
    this.scenario = scenario;
    this.embedded = embedded;
    this.envoy = envoy;
  }

  /** What is wrong, for a person to read; empty if nothing is. */
  String report() {
    Map<String, String[]> rows = new LinkedHashMap<>();
    misses(rows, embedded, 1);
    if (envoy != null) {
      misses(rows, envoy, 2);
      differences(rows, embedded.lines(), envoy.lines());
    }
    StringBuilder text = new StringBuilder();
    rows.forEach((line, row) -> append(text, line, row));
    return text.toString();
  }

  private void misses(Map<String, String[]> rows, Observation observation, int column) {
    for (Expectation.Miss miss : scenario.expectation().misses(observation)) {
      String[] row = rows.computeIfAbsent(miss.line(), line -> new String[3]);
      row[0] = miss.expected();
      row[column] = miss.observed();
    }
  }

  private void differences(
      Map<String, String[]> rows, Map<String, String> ours, Map<String, String> envoys) {
    Set<String> names = new LinkedHashSet<>(ours.keySet());
    names.addAll(envoys.keySet());
    for (String name : names) {
      String our = ours.getOrDefault(name, absent(name));
      String its = envoys.getOrDefault(name, absent(name));
      Scenario.Difference known = known(name);
      if (known != null) {
        deliberate(rows, name, known, our, its);
      } else if (!our.equals(its) && !ignored(name)) {
        rows.computeIfAbsent(name, line -> new String[3])[1] = our;
        rows.get(name)[2] = its;
      }
    }
  }

  private static String absent(String name) {
    return name.startsWith("stats.") ? "0" : NOTHING;
  }

  private static void deliberate(
      Map<String, String[]> rows, String name, Scenario.Difference known, String our, String its) {
    boolean asSaid =
        (known.embedded().isEmpty() || known.embedded().equals(our))
            && (known.envoy().isEmpty() || known.envoy().equals(its));
    if (!asSaid || our.equals(its)) {
      rows.put(name, new String[] {"the difference that the scenario tells", our, its});
    }
  }

  private Scenario.@Nullable Difference known(String name) {
    return scenario.differs().entrySet().stream()
        .filter(entry -> glob(entry.getKey(), name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private boolean ignored(String name) {
    return scenario.ignore().keySet().stream().anyMatch(pattern -> glob(pattern, name));
  }

  /** Whether a name matches a pattern in which * stands for anything. */
  static boolean glob(String pattern, String name) {
    List<String> parts = new ArrayList<>();
    for (String part : pattern.split("\\*", -1)) {
      parts.add(Pattern.quote(part));
    }
    return name.matches("(?s)" + String.join(".*", parts));
  }

  private void append(StringBuilder text, String line, String[] row) {
    text.append("  ").append(line).append('\n');
    if (row[0] != null) {
      column(text, "expected", row[0]);
    }
    column(text, "embedded", row[1] == null ? "as expected" : row[1]);
    if (envoy != null) {
      column(text, "envoy", row[2] == null ? "as expected" : row[2]);
    }
  }

  private static void column(StringBuilder text, String who, String value) {
    String indented = value.replace("\n", "\n                  ");
    text.append("      ").append("%-9s".formatted(who)).append("   ").append(indented).append('\n');
  }
}
