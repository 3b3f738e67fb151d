package heddle.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import heddle.cluster.object.ApiException.Cause;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks values against a schema, in the words of Kubernetes' API server. CEL rules are not
 * evaluated; whoever stores a schema says so.
 */
public final class Validation {
  private final List<Cause> causes = new ArrayList<>();

  private Validation() {}

  /** Everything that is wrong with a tree. */
  public static List<Cause> check(JsonNode node, Schema schema) {
    Validation validation = new Validation();
    validation.node(node, schema, "");
    return validation.causes;
  }

  private void node(JsonNode node, Schema schema, String path) {
    if (node.isNull() && schema.nullable()) {
      return;
    }
    if (!type(node, schema, path)) {
      return;
    }
    JsonNode json = schema.json();
    if (json.has("enum")) {
      enumeration(node, json.path("enum"), path);
    }
    switch (node) {
      case ObjectNode object -> object(object, schema, path);
      case ArrayNode array -> array(array, schema, path);
      default -> scalar(node, json, path);
    }
    combinations(node, json, path);
  }

  private boolean type(JsonNode node, Schema schema, String path) {
    boolean quantity = schema.json().path("format").asText().equals("quantity");
    String expected = schema.intOrString() ? "integer,string" : schema.type();
    boolean fits =
        schema.intOrString()
            ? node.isIntegralNumber() || node.isTextual() || (quantity && node.isNumber())
            : switch (expected) {
              case "object" -> node.isObject();
              case "array" -> node.isArray();
              case "string" -> node.isTextual();
              case "boolean" -> node.isBoolean();
              case "number" -> node.isNumber();
              case "integer" -> integral(node);
              default -> true;
            };
    if (!fits) {
      String actual = node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
      add(
          "FieldValueTypeInvalid",
          path,
          "Invalid value: \"%s\": %s in body must be of type %s: \"%s\""
              .formatted(actual, path, expected, actual));
    }
    return fits;
  }

  private static boolean integral(JsonNode node) {
    return node.isIntegralNumber()
        || (node.isNumber() && node.decimalValue().stripTrailingZeros().scale() <= 0);
  }

  private void enumeration(JsonNode node, JsonNode allowed, String path) {
    List<String> choices = new ArrayList<>();
    for (JsonNode choice : allowed) {
      if (choice.equals(node)) {
        return;
      }
      choices.add('"' + choice.asText() + '"');
    }
    add(
        "FieldValueNotSupported",
        path,
        "Unsupported value: %s: supported values: %s".formatted(node, String.join(", ", choices)));
  }

  private void object(ObjectNode object, Schema schema, String path) {
    for (JsonNode required : schema.json().path("required")) {
      if (!object.has(required.asText())) {
        add("FieldValueRequired", join(path, required.asText()), "Required value");
      }
    }
    limit(object.size(), schema.json(), "Properties", "properties", path, object);
    for (var entry : object.properties()) {
      Schema below = schema.below(entry.getKey());
      if (below != null) {
        node(entry.getValue(), below, join(path, entry.getKey()));
      }
    }
  }

  private void array(ArrayNode array, Schema schema, String path) {
    limit(array.size(), schema.json(), "Items", "items", path, array);
    Set<Object> seen = new HashSet<>();
    int index = 0;
    for (JsonNode item : array) {
      String at = path + "[" + index++ + "]";
      Object identity =
          switch (schema.listType()) {
            case SET -> item;
            case MAP ->
                schema.listKeys().stream().map(key -> item.path(key)).collect(Collectors.toList());
            case ATOMIC -> at;
          };
      if (!seen.add(identity)) {
        add("FieldValueDuplicate", at, "Duplicate value: " + item);
      }
      schema.items().ifPresent(items -> node(item, items, at));
    }
  }

  private void limit(
      long size, JsonNode json, String keyword, String word, String path, JsonNode value) {
    JsonNode least = json.path("min" + keyword);
    JsonNode most = json.path("max" + keyword);
    if (least.isNumber() && size < least.asLong()) {
      invalid(path, value, "should have at least " + least.asLong() + " " + word);
    }
    if (most.isNumber() && size > most.asLong()) {
      add(
          "FieldValueTooMany",
          path,
          "Too many: %d: must have at most %d %s".formatted(size, most.asLong(), word));
    }
  }

  private void scalar(JsonNode node, JsonNode json, String path) {
    if (node.isTextual()) {
      text(node, json, path);
    } else if (node.isNumber()) {
      number(node, json, path);
    }
  }

  private void text(JsonNode node, JsonNode json, String path) {
    String text = node.asText();
    long length = text.codePointCount(0, text.length());
    JsonNode least = json.path("minLength");
    JsonNode most = json.path("maxLength");
    if (least.isNumber() && length < least.asLong()) {
      invalid(path, node, "should be at least " + least.asLong() + " chars long");
    }
    if (most.isNumber() && length > most.asLong()) {
      add("FieldValueTooLong", path, "Too long: may not be more than " + most.asLong() + " bytes");
    }
    JsonNode pattern = json.path("pattern");
    if (pattern.isTextual() && !matches(pattern.asText(), text)) {
      invalid(path, node, "should match '" + pattern.asText() + "'");
    }
  }

  private static boolean matches(String pattern, String text) {
    try {
      return Pattern.compile(pattern).matcher(text).find();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private void number(JsonNode node, JsonNode json, String path) {
    BigDecimal value = node.decimalValue();
    JsonNode least = json.path("minimum");
    JsonNode most = json.path("maximum");
    if (least.isNumber()) {
      int order = value.compareTo(least.decimalValue());
      boolean exclusive = json.path("exclusiveMinimum").asBoolean();
      if (order < 0 || (exclusive && order == 0)) {
        invalid(path, node, "should be greater than " + (exclusive ? "" : "or equal to ") + least);
      }
    }
    if (most.isNumber()) {
      int order = value.compareTo(most.decimalValue());
      boolean exclusive = json.path("exclusiveMaximum").asBoolean();
      if (order > 0 || (exclusive && order == 0)) {
        invalid(path, node, "should be less than " + (exclusive ? "" : "or equal to ") + most);
      }
    }
    JsonNode step = json.path("multipleOf");
    if (step.isNumber()
        && step.decimalValue().signum() > 0
        && value.remainder(step.decimalValue()).signum() != 0) {
      invalid(path, node, "should be a multiple of " + step);
    }
  }

  private void combinations(JsonNode node, JsonNode json, String path) {
    for (JsonNode all : json.path("allOf")) {
      causes.addAll(within(node, all, path));
    }
    JsonNode any = json.path("anyOf");
    if (any.size() > 0 && passing(node, any, path) == 0) {
      invalid(path, node, "must validate at least one schema (anyOf)");
    }
    JsonNode one = json.path("oneOf");
    if (one.size() > 0 && passing(node, one, path) != 1) {
      invalid(path, node, "must validate one and only one schema (oneOf)");
    }
    if (json.path("not").isObject() && within(node, json.path("not"), path).isEmpty()) {
      invalid(path, node, "must not validate the schema (not)");
    }
  }

  private static int passing(JsonNode node, JsonNode schemas, String path) {
    int passing = 0;
    for (JsonNode schema : schemas) {
      passing += within(node, schema, path).isEmpty() ? 1 : 0;
    }
    return passing;
  }

  private static List<Cause> within(JsonNode node, JsonNode schema, String path) {
    Validation validation = new Validation();
    validation.node(node, Schema.of(schema), path);
    return validation.causes;
  }

  private void invalid(String path, JsonNode value, String rule) {
    add("FieldValueInvalid", path, "Invalid value: " + value + ": " + path + " in body " + rule);
  }

  private void add(String reason, String path, String message) {
    causes.add(new Cause(reason, path.isEmpty() ? "<nil>" : path, message));
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
