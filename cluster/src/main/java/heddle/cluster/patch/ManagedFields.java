package heddle.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import heddle.cluster.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which field: {@code metadata.managedFields}. Source: kubernetes.io, "Server-Side Apply".
 */
public final class ManagedFields {
  private static final String[] UNOWNED = {
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "selfLink",
    "managedFields",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generateName"
  };

  private final Map<Owner, FieldSet> owners = new LinkedHashMap<>();
  private final Map<Owner, String> times = new LinkedHashMap<>();

  /** One entry's identity. */
  record Owner(String manager, String operation, String apiVersion, String subresource) {}

  /**
   * Who writes.
   *
   * @param time RFC 3339 time of the write
   */
  public record Writer(String manager, String apiVersion, String subresource, String time) {}

  static ManagedFields of(ObjectNode object) {
    ManagedFields fields = new ManagedFields();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      String manager = entry.path("manager").asText("");
      if (!manager.isEmpty() && entry.path("fieldsV1").isObject()) {
        Owner owner =
            new Owner(
                manager,
                entry.path("operation").asText("Update"),
                entry.path("apiVersion").asText(""),
                entry.path("subresource").asText(""));
        fields.owners.put(owner, FieldSet.fromJson(entry.path("fieldsV1")));
        fields.times.put(owner, entry.path("time").asText(""));
      }
    }
    return fields;
  }

  /**
   * Gives what an ordinary write changed to its writer, in place.
   *
   * @param before null on create
   * @param after carries the managedFields that the writer sent, if any
   */
  public static void update(
      @Nullable ObjectNode before, ObjectNode after, Schema schema, Writer writer) {
    boolean cleared = cleared(after);
    boolean sent = !after.path("metadata").path("managedFields").isEmpty();
    ManagedFields fields = sent ? of(after) : before == null ? new ManagedFields() : of(before);
    if (cleared) {
      fields = new ManagedFields();
    }
    ObjectNode empty = after.objectNode();
    Difference difference = Difference.between(before == null ? empty : before, after, schema);
    FieldSet changed = owned(difference.changed());
    if (!cleared) {
      fields.give(writer, changed, difference.removed());
    }
    fields.write(after);
  }

  private static boolean cleared(ObjectNode after) {
    JsonNode sent = after.path("metadata").path("managedFields");
    return sent.size() == 1 && sent.get(0).isEmpty();
  }

  private void give(Writer writer, FieldSet changed, FieldSet removed) {
    Owner self = new Owner(writer.manager, "Update", writer.apiVersion, writer.subresource);
    owners.replaceAll((owner, set) -> set.minus(removed));
    owners.replaceAll((owner, set) -> owner.equals(self) ? set : set.minus(changed));
    if (!changed.isEmpty()) {
      owners.merge(self, changed, FieldSet::union);
      times.put(self, writer.time);
    }
    owners.values().removeIf(FieldSet::isEmpty);
  }

  /** What of a set can be owned at all. */
  static FieldSet owned(FieldSet set) {
    FieldSet result = set.without("f:apiVersion").without("f:kind");
    for (String field : UNOWNED) {
      result = result.without("f:metadata", "f:" + field);
    }
    FieldSet metadata = result.children.get("f:metadata");
    if (metadata != null && metadata.children.isEmpty()) {
      result.children.remove("f:metadata");
    }
    return result;
  }

  FieldSet of(Owner owner) {
    return owners.getOrDefault(owner, new FieldSet());
  }

  Map<Owner, FieldSet> others(Owner self) {
    Map<Owner, FieldSet> others = new LinkedHashMap<>(owners);
    others.remove(self);
    return others;
  }

  /** Sets what an applier owns; unchanged sets keep their time. */
  void apply(Owner self, FieldSet set, String time) {
    FieldSet before = owners.put(self, set);
    if (before == null || !before.toJson().equals(set.toJson())) {
      times.put(self, time);
    }
  }

  void take(Owner from, FieldSet taken) {
    owners.computeIfPresent(
        from,
        (owner, set) -> {
          FieldSet left = set.minus(taken);
          return left.isEmpty() ? null : left;
        });
  }

  void write(ObjectNode object) {
    ObjectNode metadata = Metadata.of(object);
    if (owners.isEmpty()) {
      metadata.remove("managedFields");
      return;
    }
    ArrayNode entries = metadata.putArray("managedFields");
    owners.forEach(
        (owner, set) -> {
          ObjectNode entry = entries.addObject();
          entry.put("manager", owner.manager).put("operation", owner.operation);
          entry.put("apiVersion", owner.apiVersion);
          String time = times.getOrDefault(owner, "");
          if (!time.isEmpty()) {
            entry.put("time", time);
          }
          entry.put("fieldsType", "FieldsV1").set("fieldsV1", set.toJson());
          if (!owner.subresource.isEmpty()) {
            entry.put("subresource", owner.subresource);
          }
        });
  }
}
