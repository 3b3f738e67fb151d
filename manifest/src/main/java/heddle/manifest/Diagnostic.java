package heddle.manifest;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, or worth knowing, at one place.
 *
 * @param code stable and greppable, such as {@code out-of-range}
 * @param path the field, and the object it belongs to
 * @param message what was found and what was expected, in one sentence without a full stop
 * @param hint what to do about it, if there is something to say
 */
public record Diagnostic(
    Severity severity,
    String code,
    Origin origin,
    FieldPath path,
    String message,
    @Nullable String hint) {

  /** An error without a hint. */
  public static Diagnostic error(String code, Origin origin, FieldPath path, String message) {
    return new Diagnostic(Severity.ERROR, code, origin, path, message, null);
  }

  /** A warning without a hint. */
  public static Diagnostic warning(String code, Origin origin, FieldPath path, String message) {
    return new Diagnostic(Severity.WARNING, code, origin, path, message, null);
  }

  /** A note without a hint. */
  public static Diagnostic note(String code, Origin origin, FieldPath path, String message) {
    return new Diagnostic(Severity.NOTE, code, origin, path, message, null);
  }

  /** The same with a hint. */
  public Diagnostic withHint(String newHint) {
    return new Diagnostic(severity, code, origin, path, message, newHint);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The place, the object, the field, the message: one line, the hint not included. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(origin.toString());
    if (!path.subject().isEmpty()) {
      text.append(' ').append(path.subject());
    }
    String field = path.toString();
    if (!field.isEmpty()) {
      text.append(' ').append(field);
    }
    return text.append(": ").append(message).toString();
  }
}
