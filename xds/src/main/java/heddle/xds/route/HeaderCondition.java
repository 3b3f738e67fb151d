package heddle.xds.route;

/**
 * A condition on one header. Envoy: {@code HeaderMatcher}, with its rule that an absent header
 * makes any condition but presence false, even an inverted one. Of several lines one is enough.
 *
 * @param name lower case, or a pseudo header
 * @param test what the value must satisfy
 * @param invert whether the outcome is negated
 * @param missingIsEmpty whether an absent header counts as one with an empty value
 */
public record HeaderCondition(String name, Test test, boolean invert, boolean missingIsEmpty) {

  /** What is asked of the header. */
  public sealed interface Test {
    /** The header is there ({@code expected}), or is not. */
    record Present(boolean expected) implements Test {}

    /** Its value satisfies a condition. */
    record Value(StringCondition condition) implements Test {}

    /** Its whole value is a decimal number with {@code start <= number < end}. */
    record Range(long start, long end) implements Test {}
  }

  boolean matches(RequestView request) {
    boolean there = request.header(name) != null;
    if (test instanceof Test.Present(boolean expected)) {
      return ((there || missingIsEmpty) == expected) != invert;
    }
    if (!there) {
      return missingIsEmpty && holds("") != invert;
    }
    return request.any(name, this::holds) != invert;
  }

  private boolean holds(String value) {
    return switch (test) {
      case Test.Present(boolean expected) -> expected;
      case Test.Value(var condition) -> condition.matches(value);
      case Test.Range(long start, long end) -> inRange(value, start, end);
    };
  }

  private static boolean inRange(String value, long start, long end) {
    try {
      long number = Long.parseLong(value);
      return number >= start && number < end;
    } catch (NumberFormatException notANumber) {
      return false;
    }
  }
}
