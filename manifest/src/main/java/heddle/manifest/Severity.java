package heddle.manifest;

import java.util.Locale;

/** How bad a {@link Diagnostic} is. */
public enum Severity {
  /** The input cannot be used as it is. */
  ERROR,
  /** It can, but will probably not do what its author expects. */
  WARNING,
  /** Worth knowing. */
  NOTE;

  /** The lower-case word that outputs show. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
