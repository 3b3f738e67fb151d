package heddle.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.patch.ManagedFields.Owner;
import heddle.cluster.patch.ManagedFields.Writer;
import heddle.cluster.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merges an applied configuration into a live object, and keeps who owns which field. */
public final class ServerSideApply {
  private final Schema schema;
  private final Writer writer;
  private final boolean force;

  /**
   * @param force take fields that others own instead of failing
   */
  public ServerSideApply(Schema schema, Writer writer, boolean force) {
    this.schema = schema;
    this.writer = writer;
    this.force = force;
  }

  /**
   * A new tree with its managedFields; neither argument is changed.
   *
   * @param live the stored object; empty when it is to be created
   * @throws ApiException 409 Conflict with one cause per field that another manager owns
   */
  public ObjectNode apply(ObjectNode live, ObjectNode applied) {
    if (!applied.path("metadata").path("managedFields").isEmpty()) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    ManagedFields fields = ManagedFields.of(live);
    Owner self = new Owner(writer.manager(), "Apply", writer.apiVersion(), writer.subresource());
    FieldSet wanted = ManagedFields.owned(FieldSet.of(applied, schema));
    FieldSet before = fields.of(self);
    ObjectNode merged = (ObjectNode) merge(live, applied, schema);
    if (!live.isEmpty()) {
      settle(fields, self, ManagedFields.owned(Difference.between(live, merged, schema).changed()));
    }
    FieldSet kept = wanted;
    for (FieldSet other : fields.others(self).values()) {
      kept = kept.union(other);
    }
    drop(merged, before, kept, schema);
    fields.apply(self, wanted, writer.time());
    fields.write(merged);
    return merged;
  }

  private void settle(ManagedFields fields, Owner self, FieldSet changed) {
    List<ApiException.Cause> causes = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (var entry : fields.others(self).entrySet()) {
      FieldSet clash = entry.getValue().intersect(changed);
      if (clash.isEmpty()) {
        continue;
      }
      if (force) {
        fields.take(entry.getKey(), clash);
        continue;
      }
      Owner owner = entry.getKey();
      String with = "conflict with \"" + owner.manager() + '"';
      with +=
          owner.subresource().isEmpty() ? "" : " with subresource \"" + owner.subresource() + '"';
      with += owner.operation().equals("Apply") ? "" : " using " + owner.apiVersion();
      for (String path : clash.paths()) {
        causes.add(new ApiException.Cause("FieldManagerConflict", path, with));
        lines.add(with + ": " + path);
      }
    }
    if (!causes.isEmpty()) {
      String many = causes.size() == 1 ? " conflict" : " conflicts";
      String what =
          causes.size() == 1 ? lines.get(0) : "conflicts:\n- " + String.join("\n- ", lines);
      throw new ApiException(
          409, "Conflict", "Apply failed with " + causes.size() + many + ": " + what, causes);
    }
  }

  private static JsonNode merge(JsonNode live, JsonNode applied, @Nullable Schema schema) {
    if (live instanceof ObjectNode before
        && applied instanceof ObjectNode wanted
        && FieldSet.granular(schema)) {
      ObjectNode result = before.deepCopy();
      for (var entry : wanted.properties()) {
        Schema below = schema == null ? null : schema.below(entry.getKey());
        result.set(entry.getKey(), merge(before.path(entry.getKey()), entry.getValue(), below));
      }
      return result;
    }
    if (live instanceof ArrayNode before
        && applied instanceof ArrayNode wanted
        && schema != null
        && FieldSet.associative(schema)) {
      return mergeItems(before, wanted, schema);
    }
    return applied.deepCopy();
  }

  /** Applied items in their order, then the live ones that are not applied. */
  private static ArrayNode mergeItems(ArrayNode live, ArrayNode applied, Schema schema) {
    Map<String, JsonNode> before = Difference.items(live, schema);
    Map<String, JsonNode> wanted = Difference.items(applied, schema);
    Map<String, JsonNode> result = new LinkedHashMap<>();
    wanted.forEach(
        (step, item) -> {
          JsonNode old = before.get(step);
          Schema of = schema.items().orElse(null);
          result.put(step, old == null ? item.deepCopy() : merge(old, item, of));
        });
    before.forEach((step, item) -> result.putIfAbsent(step, item.deepCopy()));
    ArrayNode list = live.arrayNode();
    result.values().forEach(list::add);
    return list;
  }

  /** Removes what was applied before and is in no set that is kept. */
  private static void drop(JsonNode node, FieldSet before, FieldSet kept, @Nullable Schema schema) {
    before.children.forEach(
        (step, was) -> {
          FieldSet still = kept.children.get(step);
          if (step.startsWith("f:") && node instanceof ObjectNode object) {
            dropField(object, step.substring(2), was, still, schema);
          } else if (node instanceof ArrayNode array && schema != null) {
            dropItem(array, step, was, still, schema);
          }
        });
  }

  private static void dropField(
      ObjectNode object,
      String name,
      FieldSet was,
      @Nullable FieldSet still,
      @Nullable Schema schema) {
    JsonNode child = object.get(name);
    if (child == null) {
      return;
    }
    if (still == null && was.children.isEmpty()) {
      object.remove(name);
      return;
    }
    drop(
        child,
        was,
        still == null ? new FieldSet() : still,
        schema == null ? null : schema.below(name));
    if (still == null && child.isContainerNode() && child.isEmpty()) {
      object.remove(name);
    }
  }

  private static void dropItem(
      ArrayNode array, String step, FieldSet was, @Nullable FieldSet still, Schema schema) {
    for (int i = 0; i < array.size(); i++) {
      if (FieldSet.step(array.get(i), schema).equals(step)) {
        if (still == null) {
          array.remove(i);
        } else {
          drop(array.get(i), was, still, schema.items().orElse(null));
        }
        return;
      }
    }
  }
}
