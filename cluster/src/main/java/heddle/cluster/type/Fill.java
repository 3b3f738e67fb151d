package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills in what is absent or null. */
final class Fill {

  private Fill() {}

  static boolean absent(JsonNode node, String field) {
    return !node.hasNonNull(field);
  }

  static void text(ObjectNode node, String field, String value) {
    if (absent(node, field) || node.path(field).asText("x").isEmpty()) {
      node.put(field, value);
    }
  }

  static void number(ObjectNode node, String field, int value) {
    if (absent(node, field)) {
      node.put(field, value);
    }
  }

  static void flag(ObjectNode node, String field, boolean value) {
    if (absent(node, field)) {
      node.put(field, value);
    }
  }

  /** Makes an absent text empty. */
  static void emptyText(ObjectNode node, String field) {
    if (absent(node, field)) {
      node.put(field, "");
    }
  }

  /** The object at a field, created when absent. */
  static ObjectNode object(ObjectNode node, String field) {
    return node.get(field) instanceof ObjectNode present ? present : node.putObject(field);
  }
}
