package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Collects everything wrong with one object, in Kubernetes' wording. */
public final class Problems {
  private final List<ApiException.Cause> causes = new ArrayList<>();

  public void required(String field, String detail) {
    add(
        "FieldValueRequired",
        field,
        detail.isEmpty() ? "Required value" : "Required value: " + detail);
  }

  public void invalid(String field, Object value, String detail) {
    add("FieldValueInvalid", field, "Invalid value: " + quoted(value) + ": " + detail);
  }

  public void type(String field, Object value, String detail) {
    add("FieldValueTypeInvalid", field, "Invalid value: " + quoted(value) + ": " + detail);
  }

  public void unsupported(String field, Object value, List<String> supported) {
    String choices =
        supported.stream().sorted().map(s -> '"' + s + '"').collect(Collectors.joining(", "));
    add(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + quoted(value) + ": supported values: " + choices);
  }

  public void forbidden(String field, String detail) {
    add("FieldValueForbidden", field, "Forbidden: " + detail);
  }

  public void duplicate(String field, Object value) {
    add("FieldValueDuplicate", field, "Duplicate value: " + quoted(value));
  }

  public void tooLong(String field, int limit) {
    add("FieldValueTooLong", field, "Too long: may not be more than " + limit + " bytes");
  }

  /** Adds what someone else found. */
  public void addAll(List<ApiException.Cause> found) {
    causes.addAll(found);
  }

  public boolean isEmpty() {
    return causes.isEmpty();
  }

  void add(String reason, String field, String message) {
    causes.add(new ApiException.Cause(reason, field, message));
  }

  private static String quoted(Object value) {
    return switch (value) {
      case JsonNode node -> node.isTextual() ? '"' + node.asText() + '"' : node.toString();
      case String text -> '"' + text + '"';
      default -> value.toString();
    };
  }

  /**
   * @throws ApiException 422 Invalid when anything was collected
   */
  public void check(ResourceType type, String name) {
    if (causes.isEmpty()) {
      return;
    }
    List<String> lines = causes.stream().map(c -> c.field() + ": " + c.message()).toList();
    String what = lines.size() == 1 ? lines.get(0) : "[" + String.join(", ", lines) + "]";
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    String message = kind + " \"" + name + "\" is invalid: " + what;
    throw new ApiException(422, "Invalid", message, causes, name);
  }
}
