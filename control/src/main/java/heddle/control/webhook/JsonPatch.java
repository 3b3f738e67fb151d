package heddle.control.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** RFC 6902: what turns one object into another. Lists are replaced whole. */
final class JsonPatch {
  private JsonPatch() {}

  static ArrayNode between(JsonNode before, JsonNode after) {
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    compare("", before, after, operations);
    return operations;
  }

  private static void compare(String path, JsonNode before, JsonNode after, ArrayNode operations) {
    before
        .properties()
        .forEach(
            entry -> {
              if (!after.has(entry.getKey())) {
                operations.addObject().put("op", "remove").put("path", at(path, entry.getKey()));
              }
            });
    after
        .properties()
        .forEach(
            entry -> {
              JsonNode old = before.get(entry.getKey());
              String where = at(path, entry.getKey());
              if (old instanceof ObjectNode && entry.getValue() instanceof ObjectNode) {
                compare(where, old, entry.getValue(), operations);
              } else if (!entry.getValue().equals(old)) {
                operations
                    .addObject()
                    .put("op", old == null ? "add" : "replace")
                    .put("path", where)
                    .set("value", entry.getValue());
              }
            });
  }

  private static String at(String path, String member) {
    return path + "/" + member.replace("~", "~0").replace("/", "~1");
  }
}
