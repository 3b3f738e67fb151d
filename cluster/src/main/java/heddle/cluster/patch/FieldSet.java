package heddle.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of fields as {@code FieldsV1} writes it: {@code f:name} steps into an object, {@code k:{…}}
 * and {@code v:…} into an item of a list, and {@code .} is the place itself. Source:
 * structured-merge- diff.
 */
final class FieldSet {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final Map<String, FieldSet> children = new TreeMap<>();

  /** Whether the place itself belongs to the set. */
  boolean member;

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  /** Every field that a value sets. */
  static FieldSet of(JsonNode value, @Nullable Schema schema) {
    FieldSet set = new FieldSet();
    if (value instanceof ObjectNode object && !object.isEmpty() && granular(schema)) {
      for (var entry : object.properties()) {
        Schema below = schema == null ? null : schema.below(entry.getKey());
        set.children.put("f:" + entry.getKey(), of(entry.getValue(), below));
      }
      return set;
    }
    if (value instanceof ArrayNode array
        && !array.isEmpty()
        && schema != null
        && associative(schema)) {
      for (JsonNode item : array) {
        FieldSet of =
            item instanceof ObjectNode ? of(item, schema.items().orElse(null)) : new FieldSet();
        of.member = true;
        set.children.put(step(item, schema), of);
      }
      return set;
    }
    set.member = true;
    return set;
  }

  static boolean granular(@Nullable Schema schema) {
    return schema == null || !schema.atomicMap();
  }

  static boolean associative(@Nullable Schema schema) {
    return schema != null && schema.listType() != Schema.ListType.ATOMIC;
  }

  /** The step to an item of an associative list. */
  static String step(JsonNode item, Schema list) {
    if (list.listType() == Schema.ListType.SET) {
      return "v:" + item;
    }
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    for (String key : list.listKeys().stream().sorted().toList()) {
      JsonNode value = item.get(key);
      if (value == null) {
        value =
            list.items()
                .flatMap(items -> items.property(key))
                .map(property -> property.json().get("default"))
                .orElse(null);
      }
      if (value != null) {
        keys.set(key, value);
      }
    }
    return "k:" + keys;
  }

  FieldSet copy() {
    return union(new FieldSet());
  }

  FieldSet union(FieldSet other) {
    FieldSet result = new FieldSet();
    result.member = member || other.member;
    children.forEach((step, child) -> result.children.put(step, child.copy()));
    other.children.forEach(
        (step, child) -> result.children.merge(step, child.copy(), FieldSet::union));
    return result;
  }

  FieldSet minus(FieldSet other) {
    FieldSet result = new FieldSet();
    result.member = member && !other.member;
    children.forEach(
        (step, child) -> {
          FieldSet taken = other.children.get(step);
          FieldSet left = taken == null ? child.copy() : child.minus(taken);
          if (!left.isEmpty()) {
            result.children.put(step, left);
          }
        });
    return result;
  }

  FieldSet intersect(FieldSet other) {
    FieldSet result = new FieldSet();
    result.member = member && other.member;
    children.forEach(
        (step, child) -> {
          FieldSet both = other.children.get(step);
          if (both != null && !child.intersect(both).isEmpty()) {
            result.children.put(step, child.intersect(both));
          }
        });
    return result;
  }

  /** Drops a path below the root, whatever is under it. */
  FieldSet without(String... path) {
    FieldSet result = copy();
    FieldSet at = result;
    for (int i = 0; i < path.length - 1; i++) {
      FieldSet next = at.children.get(path[i]);
      if (next == null) {
        return result;
      }
      at = next;
    }
    at.children.remove(path[path.length - 1]);
    return result;
  }

  /** Paths in the words of conflict messages: {@code .spec.containers[name="a"].image}. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> paths) {
    if (member && !path.isEmpty()) {
      paths.add(path);
    }
    children.forEach((step, child) -> child.collect(path + words(step), paths));
  }

  private static String words(String step) {
    String rest = step.substring(2);
    return switch (step.substring(0, 2)) {
      case "f:" -> "." + rest;
      case "v:" -> "[=" + rest + "]";
      default -> keyWords(rest);
    };
  }

  private static String keyWords(String json) {
    try {
      List<String> words = new ArrayList<>();
      for (var entry : MAPPER.readTree(json).properties()) {
        words.add(entry.getKey() + "=" + entry.getValue());
      }
      return "[" + String.join(",", words) + "]";
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return "[" + json + "]";
    }
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((step, child) -> json.set(step, child.toJson()));
    return json;
  }

  static FieldSet fromJson(JsonNode json) {
    FieldSet set = new FieldSet();
    for (var entry : json.properties()) {
      if (entry.getKey().equals(".")) {
        set.member = true;
      } else {
        set.children.put(entry.getKey(), fromJson(entry.getValue()));
      }
    }
    set.member |= set.children.isEmpty();
    return set;
  }
}
