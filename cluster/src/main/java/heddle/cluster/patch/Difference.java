package heddle.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two trees, field by field.
 *
 * @param changed fields that are new or have another value
 * @param removed fields that are gone
 */
record Difference(FieldSet changed, FieldSet removed) {

  static Difference between(JsonNode before, JsonNode after, @Nullable Schema schema) {
    Difference difference = new Difference(new FieldSet(), new FieldSet());
    difference.compare(before, after, schema, difference.changed, difference.removed);
    return difference;
  }

  /** Fills the two sets for one place; they stay empty when nothing differs. */
  private void compare(
      JsonNode before,
      JsonNode after,
      @Nullable Schema schema,
      FieldSet changedHere,
      FieldSet removedHere) {
    if (before.equals(after)) {
      return;
    }
    if (before instanceof ObjectNode old
        && after instanceof ObjectNode now
        && FieldSet.granular(schema)) {
      children(fields(old), fields(now), schema, false, changedHere, removedHere);
    } else if (before instanceof ArrayNode old
        && after instanceof ArrayNode now
        && schema != null
        && FieldSet.associative(schema)) {
      Schema item = schema.items().orElse(null);
      children(items(old, schema), items(now, schema), item, true, changedHere, removedHere);
    } else {
      changedHere.member = true;
    }
  }

  private void children(
      Map<String, JsonNode> before,
      Map<String, JsonNode> after,
      @Nullable Schema schema,
      boolean items,
      FieldSet changedHere,
      FieldSet removedHere) {
    after.forEach(
        (step, now) -> {
          Schema below = items || schema == null ? schema : schema.below(step.substring(2));
          JsonNode old = before.get(step);
          FieldSet childChanged = new FieldSet();
          FieldSet childRemoved = new FieldSet();
          if (old == null) {
            childChanged = FieldSet.of(now, below);
            childChanged.member |= items;
          } else {
            compare(old, now, below, childChanged, childRemoved);
          }
          keep(changedHere, step, childChanged);
          keep(removedHere, step, childRemoved);
        });
    before.forEach(
        (step, old) -> {
          if (!after.containsKey(step)) {
            Schema below = items || schema == null ? schema : schema.below(step.substring(2));
            FieldSet gone = FieldSet.of(old, below);
            gone.member = true;
            removedHere.children.put(step, gone);
          }
        });
  }

  private static void keep(FieldSet set, String step, FieldSet child) {
    if (!child.isEmpty()) {
      set.children.put(step, child);
    }
  }

  static Map<String, JsonNode> fields(ObjectNode object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(entry -> fields.put("f:" + entry.getKey(), entry.getValue()));
    return fields;
  }

  static Map<String, JsonNode> items(ArrayNode array, Schema schema) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    array.forEach(item -> items.put(FieldSet.step(item, schema), item));
    return items;
  }
}
