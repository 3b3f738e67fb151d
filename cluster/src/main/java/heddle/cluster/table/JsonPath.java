package heddle.cluster.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSONPath of printer columns: fields, quoted fields, indexes, {@code [*]} and equality
 * filters. What it cannot read finds nothing, as an empty cell does in Kubernetes.
 */
final class JsonPath {
  private sealed interface Step {
    record Field(String name) implements Step {}

    record Index(int index) implements Step {}

    record All() implements Step {}

    record Filter(List<String> field, String value) implements Step {}
  }

  private final List<Step> steps;

  private JsonPath(List<Step> steps) {
    this.steps = steps;
  }

  static JsonPath parse(String text) {
    List<Step> steps = new ArrayList<>();
    int position = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '.') {
        int end = position + 1;
        StringBuilder name = new StringBuilder();
        while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
          if (text.charAt(end) == '\\' && end + 1 < text.length()) {
            end++;
          }
          name.append(text.charAt(end++));
        }
        if (name.length() > 0) {
          steps.add(new Step.Field(name.toString()));
        }
        position = end;
      } else if (c == '[') {
        int end = text.indexOf(']', position);
        if (end < 0) {
          break;
        }
        steps.add(bracket(text.substring(position + 1, end).strip()));
        position = end + 1;
      } else {
        position++;
      }
    }
    return new JsonPath(steps);
  }

  private static Step bracket(String inner) {
    if (inner.equals("*")) {
      return new Step.All();
    }
    if (inner.startsWith("?(") && inner.endsWith(")")) {
      String[] sides = inner.substring(2, inner.length() - 1).split("==", 2);
      String field = sides[0].strip().replaceFirst("^@\\.?", "");
      return new Step.Filter(
          List.of(field.split("\\.", -1)), sides.length < 2 ? "" : unquote(sides[1].strip()));
    }
    if (inner.matches("-?[0-9]{1,9}")) {
      return new Step.Index(Integer.parseInt(inner));
    }
    return new Step.Field(unquote(inner));
  }

  private static String unquote(String text) {
    boolean quoted = text.length() > 1 && (text.startsWith("\"") || text.startsWith("'"));
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  List<JsonNode> find(JsonNode root) {
    List<JsonNode> found = List.of(root);
    for (Step step : steps) {
      List<JsonNode> next = new ArrayList<>();
      found.forEach(node -> follow(step, node, next));
      found = next;
    }
    return found;
  }

  private static void follow(Step step, JsonNode node, List<JsonNode> next) {
    switch (step) {
      case Step.Field(String name) -> add(node.get(name), next);
      case Step.Index(int index) -> add(node.get(index < 0 ? node.size() + index : index), next);
      case Step.All() -> node.forEach(next::add);
      case Step.Filter(List<String> field, String value) -> {
        for (JsonNode item : node) {
          JsonNode actual = item;
          for (String part : field) {
            actual = actual.path(part);
          }
          if (actual.asText("").equals(value)) {
            next.add(item);
          }
        }
      }
    }
  }

  private static void add(@org.jspecify.annotations.Nullable JsonNode node, List<JsonNode> next) {
    if (node != null) {
      next.add(node);
    }
  }
}
