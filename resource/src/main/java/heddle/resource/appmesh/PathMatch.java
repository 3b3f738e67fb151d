package heddle.resource.appmesh;

import org.jspecify.annotations.Nullable;

/** A condition on the path, without the query. */
public sealed interface PathMatch {
  /** A plain string prefix. */
  record Prefix(String value) implements PathMatch {}

  record Exact(String value) implements PathMatch {}

  /** An RE2 expression for the whole path. */
  record Regex(String expression) implements PathMatch {}

  /** Reads {@code prefix} or {@code path}; null when neither is there. */
  static @Nullable PathMatch of(Fields fields) {
    if (fields.has("prefix")) {
      return new Prefix(fields.text("prefix"));
    }
    return fields.objectOrNull(
        "path",
        path -> path.has("exact") ? new Exact(path.text("exact")) : new Regex(path.text("regex")));
  }
}
