package heddle.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Drops fields that a schema does not have, and fills in those for which it has a default. */
public final class Pruning {
  private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");

  private final List<String> unknown = new ArrayList<>();

  private Pruning() {}

  /**
   * Drops unknown fields, in place.
   *
   * @return their paths, such as {@code spec.containers[0].imagee}
   */
  public static List<String> prune(ObjectNode object, Schema schema) {
    Pruning pruning = new Pruning();
    pruning.object(object, schema, "", true);
    return pruning.unknown;
  }

  private void node(JsonNode node, Schema schema, String path) {
    switch (node) {
      case ObjectNode object -> object(object, schema, path, schema.embedded());
      case ArrayNode array ->
          schema
              .items()
              .ifPresent(
                  items -> {
                    int index = 0;
                    for (JsonNode item : array) {
                      node(item, items, path + "[" + index++ + "]");
                    }
                  });
      default -> {}
    }
  }

  private void object(ObjectNode object, Schema schema, String path, boolean whole) {
    var entries = object.properties().iterator();
    while (entries.hasNext()) {
      var entry = entries.next();
      String name = entry.getKey();
      Schema below = schema.below(name);
      String at = path.isEmpty() ? name : path + "." + name;
      if (below != null) {
        node(entry.getValue(), below, at);
      } else if (!schema.preservesUnknown() && !(whole && ENVELOPE.contains(name))) {
        unknown.add(at);
        entries.remove();
      }
    }
  }

  /** Fills in defaults, and drops nulls where a schema allows none, in place. */
  public static void fill(JsonNode node, Schema schema) {
    switch (node) {
      case ObjectNode object -> {
        for (String name : schema.properties()) {
          Schema property = schema.property(name).orElse(Schema.OPEN);
          JsonNode value = object.get(name);
          if (value != null && value.isNull() && !property.nullable()) {
            object.remove(name);
            value = null;
          }
          if (value == null && property.json().has("default")) {
            object.set(name, property.json().get("default").deepCopy());
          }
        }
        for (var entry : object.properties()) {
          Schema below = schema.below(entry.getKey());
          if (below != null) {
            fill(entry.getValue(), below);
          }
        }
      }
      case ArrayNode array ->
          schema.items().ifPresent(items -> array.forEach(item -> fill(item, items)));
      default -> {}
    }
  }
}
