package heddle.xds.route;

import com.google.re2j.Pattern;
import java.util.Locale;

/** A condition on a string. Envoy: {@code StringMatcher}. */
public sealed interface StringCondition {

  boolean matches(String value);

  /** Equality. */
  record Exact(String expected, boolean ignoreCase) implements StringCondition {
    @Override
    public boolean matches(String value) {
      return ignoreCase ? expected.equalsIgnoreCase(value) : expected.equals(value);
    }
  }

  /** The value begins so. */
  record Prefix(String prefix, boolean ignoreCase) implements StringCondition {
    @Override
    public boolean matches(String value) {
      return value.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
    }
  }

  /** The value ends so. */
  record Suffix(String suffix, boolean ignoreCase) implements StringCondition {
    @Override
    public boolean matches(String value) {
      return value.regionMatches(
          ignoreCase, value.length() - suffix.length(), suffix, 0, suffix.length());
    }
  }

  /** The value contains this somewhere. */
  record Contains(String part, boolean ignoreCase) implements StringCondition {
    @Override
    public boolean matches(String value) {
      return ignoreCase
          ? value.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT))
          : value.contains(part);
    }
  }

  /** RE2; the whole value must match. */
  record Regex(Pattern pattern) implements StringCondition {
    @Override
    public boolean matches(String value) {
      return pattern.matches(value);
    }
  }
}
