package heddle.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a scenario expects: a list of checks, each of one line of the observation.
 *
 * @param checks in the order of the file
 */
record Expectation(List<Check> checks) {
  static final Expectation NONE = new Expectation(List.of());

  /**
   * One expected value.
   *
   * @param line its place, as it is called in reports
   * @param expected as the file says it
   * @param observed finds what was observed instead; the same text if it is as expected
   */
  record Check(String line, String expected, Function<Observation, String> observed) {}

  /** An expectation that was not met. */
  record Miss(String line, String expected, String observed) {}

  List<Miss> misses(Observation observation) {
    List<Miss> misses = new ArrayList<>();
    for (Check check : checks) {
      String observed;
      try {
        observed = check.observed().apply(observation);
      } catch (IndexOutOfBoundsException e) {
        observed = "(there is none)";
      }
      if (!observed.equals(check.expected())) {
        misses.add(new Miss(check.line(), check.expected(), observed));
      }
    }
    return misses;
  }
}
