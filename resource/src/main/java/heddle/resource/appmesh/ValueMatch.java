package heddle.resource.appmesh;

/** How a header or a metadata value is compared. */
public sealed interface ValueMatch {
  record Exact(String value) implements ValueMatch {}

  record Prefix(String value) implements ValueMatch {}

  record Suffix(String value) implements ValueMatch {}

  /** An RE2 expression for the whole value. */
  record Regex(String expression) implements ValueMatch {}

  /** A decimal integer, {@code start} included, {@code end} not. */
  record Range(long start, long end) implements ValueMatch {}

  static ValueMatch of(Fields fields) {
    if (fields.has("exact")) {
      return new Exact(fields.text("exact"));
    }
    if (fields.has("prefix")) {
      return new Prefix(fields.text("prefix"));
    }
    if (fields.has("suffix")) {
      return new Suffix(fields.text("suffix"));
    }
    if (fields.has("regex")) {
      return new Regex(fields.text("regex"));
    }
    return fields.object(
        "range",
        range ->
            new Range(
                java.util.Objects.requireNonNull(range.map().whole("start")),
                java.util.Objects.requireNonNull(range.map().whole("end"))));
  }
}
