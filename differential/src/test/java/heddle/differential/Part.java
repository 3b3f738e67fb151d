package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mapping in a scenario file. Its keys are asked for one by one; {@link #end} refuses those that
 * nobody asked for. Every complaint names the file and the key.
 */
final class Part {
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s)");

  private final String file;
  private final String path;
  private final JsonNode node;
  private final Set<String> asked = new LinkedHashSet<>();

  Part(String file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
    if (!node.isObject()) {
      throw error("is " + node + " (expected: a mapping)");
    }
  }

  ScenarioException error(String what) {
    return new ScenarioException(file + ": " + (path.isEmpty() ? "" : path + ": ") + what);
  }

  String where() {
    return file + ": " + path;
  }

  boolean has(String key) {
    asked.add(key);
    return node.has(key);
  }

  JsonNode get(String key) {
    asked.add(key);
    JsonNode found = node.get(key);
    return found == null ? MissingNode.getInstance() : found;
  }

  String text(String key) {
    if (!has(key)) {
      throw error("has no " + key);
    }
    return get(key).asText();
  }

  String text(String key, String otherwise) {
    return has(key) ? get(key).asText() : otherwise;
  }

  int number(String key, int otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!get(key).isInt()) {
      throw new ScenarioException(at(key) + " is " + get(key) + " (expected: a whole number)");
    }
    return get(key).asInt();
  }

  boolean flag(String key) {
    if (has(key) && !get(key).isBoolean()) {
      throw new ScenarioException(at(key) + " is " + get(key) + " (expected: true or false)");
    }
    return get(key).asBoolean(false);
  }

  Duration duration(String key) {
    return has(key) ? duration(at(key), get(key).asText()) : Duration.ZERO;
  }

  static Duration duration(String where, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new ScenarioException(where + " is " + text + " (expected: such as 50ms or 1.5s)");
    }
    double value = Double.parseDouble(matcher.group(1));
    return Duration.ofMillis(Math.round(matcher.group(2).equals("s") ? value * 1000 : value));
  }

  Part part(String key) {
    return new Part(file, sub(key), get(key));
  }

  /** The elements of a list; empty when the key is absent; a single value counts as one. */
  List<JsonNode> list(String key) {
    List<JsonNode> all = new ArrayList<>();
    if (has(key)) {
      JsonNode found = get(key);
      if (found.isArray()) {
        found.forEach(all::add);
      } else {
        all.add(found);
      }
    }
    return all;
  }

  List<String> texts(String key) {
    return list(key).stream().map(JsonNode::asText).toList();
  }

  /** All entries, whatever their names. */
  Map<String, JsonNode> entries() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    node.properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    asked.addAll(all.keySet());
    return all;
  }

  /** A part that stands at another place of the file. */
  Part of(String subPath, JsonNode other) {
    return new Part(file, sub(subPath), other);
  }

  private String sub(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String at(String key) {
    return file + ": " + sub(key);
  }

  /** Says that everything was asked for that may be there. */
  void end() {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!asked.contains(entry.getKey())) {
        throw new ScenarioException(
            at(entry.getKey()) + " is not known here (expected: " + String.join(", ", asked) + ")");
      }
    }
  }
}
