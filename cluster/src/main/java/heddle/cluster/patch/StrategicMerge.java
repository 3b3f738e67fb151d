package heddle.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patches: maps merge, null removes, lists merge by the schema's merge key or are
 * replaced. Directives steer it and are never stored. Source: apimachinery's strategicpatch.
 */
public final class StrategicMerge {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String ORDER = "$setElementOrder/";
  private static final String DELETE = "$deleteFromPrimitiveList/";

  private StrategicMerge() {}

  /** A new tree; neither argument is changed. */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch, Schema schema) {
    ObjectNode merged = merge(target, patch, schema);
    return merged == null ? target.objectNode() : merged;
  }

  /** Null when the patch deletes the map. */
  private static @Nullable ObjectNode merge(
      ObjectNode target, ObjectNode patch, @Nullable Schema schema) {
    String directive = patch.path(PATCH).asText("");
    if (directive.equals("delete")) {
      return null;
    }
    if (directive.equals("replace")) {
      return (ObjectNode) plain(patch);
    }
    ObjectNode result = target.deepCopy();
    if (patch.get(RETAIN) instanceof ArrayNode retained) {
      Set<String> keys = new HashSet<>();
      retained.forEach(key -> keys.add(key.asText()));
      result.retain(keys);
    }
    for (var entry : patch.properties()) {
      String key = entry.getKey();
      if (key.startsWith(DELETE)) {
        deletePrimitives(result, key.substring(DELETE.length()), entry.getValue());
      } else if (!key.startsWith("$")) {
        field(result, patch, key, entry.getValue(), schema == null ? null : schema.below(key));
      } else if (!key.equals(PATCH) && !key.equals(RETAIN) && !key.startsWith(ORDER)) {
        throw ApiException.badRequest("unknown directive in strategic merge patch: " + key);
      }
    }
    orderOnly(result, patch, schema);
    return result;
  }

  private static void field(
      ObjectNode result, ObjectNode patch, String key, JsonNode value, @Nullable Schema schema) {
    switch (value) {
      case ObjectNode changes -> {
        boolean merges =
            result.get(key) instanceof ObjectNode && (schema == null || !schema.replaced());
        JsonNode merged =
            merges ? merge((ObjectNode) result.get(key), changes, schema) : plainMap(changes);
        set(result, key, merged);
      }
      case ArrayNode items -> {
        JsonNode before = result.path(key);
        ArrayNode list = before instanceof ArrayNode array ? array : result.arrayNode();
        ArrayNode merged = (ArrayNode) plain(items);
        if (schema != null && schema.merges()) {
          merged = list(list, items, schema);
          if (patch.get(ORDER + key) instanceof ArrayNode order) {
            merged = order(list, merged, order, schema.mergeKey());
          }
        }
        result.set(key, merged);
      }
      default -> set(result, key, value.isNull() ? null : value);
    }
  }

  private static void set(ObjectNode result, String key, @Nullable JsonNode value) {
    if (value == null) {
      result.remove(key);
    } else {
      result.set(key, value);
    }
  }

  private static @Nullable JsonNode plainMap(ObjectNode changes) {
    return changes.path(PATCH).asText("").equals("delete") ? null : plain(changes);
  }

  /** A patch's value without directives and nulls, for a place where there was nothing. */
  private static JsonNode plain(JsonNode value) {
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (var entry : object.properties()) {
          if (!entry.getKey().startsWith("$") && !entry.getValue().isNull()) {
            result.set(entry.getKey(), plain(entry.getValue()));
          }
        }
        yield result;
      }
      case ArrayNode array -> {
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : array) {
          if (!item.has(PATCH) || item.path(PATCH).asText().equals("merge")) {
            result.add(plain(item));
          }
        }
        yield result;
      }
      default -> value;
    };
  }

  private static ArrayNode list(ArrayNode before, ArrayNode changes, Schema schema) {
    String key = schema.mergeKey();
    ArrayNode result = before.deepCopy();
    if (key.isEmpty()) {
      changes.forEach(value -> addOnce(result, value));
      return result;
    }
    for (JsonNode change : changes) {
      if (change.path(PATCH).asText("").equals("replace")) {
        return (ArrayNode) plain(changes);
      }
    }
    for (JsonNode change : changes) {
      item(result, change, key, schema.items().orElse(null));
    }
    return result;
  }

  private static void item(ArrayNode result, JsonNode change, String key, @Nullable Schema schema) {
    JsonNode id = change.get(key);
    if (id == null || !(change instanceof ObjectNode changes)) {
      throw ApiException.badRequest(
          "map: " + change + " does not contain declared merge key: " + key);
    }
    boolean delete = change.path(PATCH).asText("").equals("delete");
    for (int i = 0; i < result.size(); i++) {
      if (result.get(i) instanceof ObjectNode present && id.equals(present.get(key))) {
        ObjectNode merged = delete ? null : merge(present, changes, schema);
        if (merged == null) {
          result.remove(i--);
        } else {
          result.set(i, merged);
          return;
        }
      }
    }
    if (!delete) {
      result.add(plain(change));
    }
  }

  private static void addOnce(ArrayNode list, JsonNode value) {
    for (JsonNode present : list) {
      if (present.equals(value)) {
        return;
      }
    }
    list.add(value);
  }

  private static void deletePrimitives(ObjectNode result, String key, JsonNode values) {
    if (result.get(key) instanceof ArrayNode list) {
      Set<JsonNode> gone = new HashSet<>();
      values.forEach(gone::add);
      list.removeIf(gone::contains);
    }
  }

  /** An order may come for a list that the patch does not otherwise touch. */
  private static void orderOnly(ObjectNode result, ObjectNode patch, @Nullable Schema schema) {
    for (var entry : patch.properties()) {
      if (entry.getKey().startsWith(ORDER) && entry.getValue() instanceof ArrayNode order) {
        String key = entry.getKey().substring(ORDER.length());
        Schema list = schema == null ? null : schema.below(key);
        if (!patch.has(key) && list != null && result.get(key) instanceof ArrayNode items) {
          result.set(key, order(items, items, order, list.mergeKey()));
        }
      }
    }
  }

  /**
   * Items that the order names come in its order; the others keep their place relative to what
   * stood around them before.
   */
  private static ArrayNode order(ArrayNode before, ArrayNode merged, ArrayNode order, String key) {
    List<JsonNode> named = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    for (JsonNode wanted : order) {
      for (int i = 0; i < merged.size(); i++) {
        if (same(merged.get(i), wanted, key) && taken.add(i)) {
          named.add(merged.get(i));
        }
      }
    }
    List<JsonNode> others = new ArrayList<>();
    for (int i = 0; i < merged.size(); i++) {
      if (!taken.contains(i)) {
        others.add(merged.get(i));
      }
    }
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    int next = 0;
    for (JsonNode item : named) {
      int place = position(before, item, key);
      while (place >= 0
          && next < others.size()
          && position(before, others.get(next), key) >= 0
          && position(before, others.get(next), key) < place) {
        result.add(others.get(next++));
      }
      result.add(item);
    }
    others.subList(next, others.size()).forEach(result::add);
    return result;
  }

  private static int position(ArrayNode list, JsonNode item, String key) {
    for (int i = 0; i < list.size(); i++) {
      if (same(list.get(i), item, key)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean same(JsonNode a, JsonNode b, String key) {
    return key.isEmpty() ? a.equals(b) : a.path(key).equals(b.path(key));
  }
}
