package heddle.xds.route;

import com.google.re2j.Pattern;

/** A condition on the path, without query and fragment. */
public sealed interface PathCondition {

  boolean matches(String path);

  /** A plain string prefix: {@code /a} matches {@code /ab}. */
  record Prefix(String prefix, boolean caseSensitive) implements PathCondition {
    @Override
    public boolean matches(String path) {
      return path.regionMatches(!caseSensitive, 0, prefix, 0, prefix.length());
    }
  }

  /** {@code /a} matches {@code /a} and {@code /a/b}, not {@code /ab}. */
  record SeparatedPrefix(String prefix, boolean caseSensitive) implements PathCondition {
    @Override
    public boolean matches(String path) {
      return path.regionMatches(!caseSensitive, 0, prefix, 0, prefix.length())
          && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
  }

  /** The whole path. */
  record Exact(String path, boolean caseSensitive) implements PathCondition {
    @Override
    public boolean matches(String candidate) {
      return caseSensitive ? path.equals(candidate) : path.equalsIgnoreCase(candidate);
    }
  }

  /** RE2; the whole path must match. */
  record Regex(Pattern pattern) implements PathCondition {
    @Override
    public boolean matches(String path) {
      return pattern.matches(path);
    }
  }
}
