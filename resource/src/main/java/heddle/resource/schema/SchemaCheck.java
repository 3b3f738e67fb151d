package heddle.resource.schema;

import heddle.manifest.Diagnostic;
import heddle.manifest.FieldPath;
import heddle.manifest.Node;
import heddle.manifest.Origin;
import heddle.manifest.Severity;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares values with schemas and reports every difference at its place. */
public final class SchemaCheck {

  private final Consumer<Diagnostic> sink;

  public SchemaCheck(Consumer<Diagnostic> sink) {
    this.sink = sink;
  }

  /** Checks a value and everything below it. */
  public void check(Node node, Schema schema, FieldPath path) {
    switch (schema) {
      case Schema.Obj object -> checkObject(node, object, path);
      case Schema.Dict(Schema values) -> checkDictionary(node, values, path);
      case Schema.Arr list -> checkList(node, list, path);
      case Schema.Str string -> checkString(node, string, path);
      case Schema.Int integer -> checkInteger(node, integer, path);
      case Schema.Bool ignored -> {
        if (!(node instanceof Node.Truth)) {
          wrongType(node, "true or false", path);
        }
      }
    }
  }

  private void checkObject(Node node, Schema.Obj object, FieldPath path) {
    if (!(node instanceof Node.Mapping map)) {
      wrongType(node, "an object", path);
      return;
    }
    for (Node.Entry entry : map.entries()) {
      FieldPath below = path.field(entry.key());
      var property = object.property(entry.key());
      if (property.isEmpty()) {
        unknown(entry, object, below);
      } else if (!(entry.value() instanceof Node.Nothing)) {
        check(entry.value(), property.get().schema(), below);
      }
    }
    for (Schema.Property property : object.properties()) {
      if (property.required() && map.present(property.name()) == null) {
        report(
            "required",
            map.origin(),
            path.field(property.name()),
            "missing (expected: " + expected(property.schema()) + ")",
            null);
      }
    }
  }

  private void unknown(Node.Entry entry, Schema.Obj object, FieldPath path) {
    Stream<String> known = object.properties().stream().map(Schema.Property::name);
    String hint =
        NearestName.of(entry.key(), known.toList())
            .map(name -> "did you mean \"" + name + "\"?")
            .orElse(null);
    report("unknown-field", entry.origin(), path, "unknown field \"" + entry.key() + "\"", hint);
  }

  private void checkDictionary(Node node, Schema values, FieldPath path) {
    if (!(node instanceof Node.Mapping map)) {
      wrongType(node, "an object", path);
      return;
    }
    map.entries().forEach(entry -> check(entry.value(), values, path.field(entry.key())));
  }

  private void checkList(Node node, Schema.Arr schema, FieldPath path) {
    if (!(node instanceof Node.Sequence list)) {
      wrongType(node, "a list", path);
      return;
    }
    int size = list.items().size();
    if (size < schema.min() || size > schema.max()) {
      report(
          "list-length",
          node.origin(),
          path,
          size + " items (expected: " + range(schema.min(), schema.max(), Integer.MAX_VALUE) + ")",
          null);
    }
    for (int i = 0; i < size; i++) {
      check(list.items().get(i), schema.items(), path.index(i));
    }
  }

  private void checkString(Node node, Schema.Str schema, FieldPath path) {
    if (!(node instanceof Node.Text(String value, Origin origin))) {
      wrongType(node, expected(schema), path);
      return;
    }
    if (!schema.values().isEmpty() && !schema.values().contains(value)) {
      String hint =
          NearestName.of(value, schema.values())
              .map(name -> "did you mean \"" + name + "\"?")
              .orElse(null);
      report(
          "not-allowed",
          origin,
          path,
          quoted(value) + " (expected: " + expected(schema) + ")",
          hint);
    }
    int length = value.codePointCount(0, value.length());
    if (length < schema.min() || length > schema.max()) {
      report(
          "string-length",
          origin,
          path,
          (length == 0 ? "an empty string" : length + " characters")
              + " (expected: "
              + range(schema.min(), schema.max(), Integer.MAX_VALUE)
              + " characters)",
          null);
    }
    if (schema.pattern() != null && !value.matches(schema.pattern())) {
      report(
          "pattern", origin, path, quoted(value) + " (expected: " + schema.pattern() + ")", null);
    }
  }

  private void checkInteger(Node node, Schema.Int schema, FieldPath path) {
    if (!(node instanceof Node.Whole(long value, Origin origin))) {
      wrongType(node, "an integer", path);
      return;
    }
    if (value < schema.min() || value > schema.max()) {
      report(
          "out-of-range",
          origin,
          path,
          value + " (expected: " + range(schema.min(), schema.max(), Long.MAX_VALUE) + ")",
          null);
    }
  }

  private void wrongType(Node node, String expected, FieldPath path) {
    String found =
        switch (node) {
          case Node.Mapping ignored -> "an object";
          case Node.Sequence ignored -> "a list";
          case Node.Text text -> quoted(text.value());
          case Node.Whole ignored -> node.json();
          case Node.Decimal ignored -> node.json();
          case Node.Truth ignored -> node.json();
          case Node.Nothing ignored -> "null";
        };
    String hint = expected.equals("a string") ? quoteHint(node) : null;
    report("wrong-type", node.origin(), path, found + " (expected: " + expected + ")", hint);
  }

  private static @Nullable String quoteHint(Node node) {
    return switch (node) {
      case Node.Truth ignored ->
          "without quotes, y, n, yes, no, on and off are true or false: write it in quotes";
      case Node.Whole ignored -> "write the number in quotes";
      case Node.Decimal ignored -> "write the number in quotes";
      default -> null;
    };
  }

  private static String quoted(String value) {
    int shown = Math.min(60, value.length());
    return "\"" + value.substring(0, shown) + (shown < value.length() ? "…" : "") + "\"";
  }

  private static String expected(Schema schema) {
    return switch (schema) {
      case Schema.Obj ignored -> "an object";
      case Schema.Dict ignored -> "an object";
      case Schema.Arr ignored -> "a list";
      case Schema.Str string when !string.values().isEmpty() ->
          (string.values().size() == 1 ? "" : "one of ") + String.join(", ", string.values());
      case Schema.Str ignored -> "a string";
      case Schema.Int ignored -> "an integer";
      case Schema.Bool ignored -> "true or false";
    };
  }

  private static String range(long min, long max, long unbounded) {
    if (max >= unbounded) {
      return ">= " + min;
    }
    return min == max ? String.valueOf(min) : min + " to " + max;
  }

  private void report(
      String code, Origin origin, FieldPath path, String message, @Nullable String hint) {
    sink.accept(new Diagnostic(Severity.ERROR, code, origin, path, message, hint));
  }
}
