package heddle.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code metadata} of objects. Absent values are empty strings, lists and maps. */
public final class Metadata {

  private Metadata() {}

  /** The metadata itself, created when absent. */
  public static ObjectNode of(ObjectNode object) {
    return object.get("metadata") instanceof ObjectNode metadata
        ? metadata
        : object.putObject("metadata");
  }

  public static String name(ObjectNode object) {
    return text(object, "name");
  }

  /** Empty for cluster-scoped objects. */
  public static String namespace(ObjectNode object) {
    return text(object, "namespace");
  }

  public static String uid(ObjectNode object) {
    return text(object, "uid");
  }

  public static String resourceVersion(ObjectNode object) {
    return text(object, "resourceVersion");
  }

  /** Whether deletion has begun. */
  public static boolean deleting(ObjectNode object) {
    return !text(object, "deletionTimestamp").isEmpty();
  }

  public static long generation(ObjectNode object) {
    return object.path("metadata").path("generation").asLong();
  }

  public static List<String> finalizers(ObjectNode object) {
    List<String> finalizers = new ArrayList<>();
    object.path("metadata").path("finalizers").forEach(f -> finalizers.add(f.asText()));
    return finalizers;
  }

  public static Map<String, String> labels(ObjectNode object) {
    return strings(object.path("metadata").path("labels"));
  }

  public static Map<String, String> annotations(ObjectNode object) {
    return strings(object.path("metadata").path("annotations"));
  }

  /** The owner references as they stand. */
  public static List<ObjectNode> owners(ObjectNode object) {
    List<ObjectNode> owners = new ArrayList<>();
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      if (owner instanceof ObjectNode reference) {
        owners.add(reference);
      }
    }
    return owners;
  }

  /** Adds a finalizer once. */
  public static void addFinalizer(ObjectNode object, String finalizer) {
    if (!finalizers(object).contains(finalizer)) {
      ObjectNode metadata = of(object);
      ArrayNode list =
          metadata.get("finalizers") instanceof ArrayNode present
              ? present
              : metadata.putArray("finalizers");
      list.add(finalizer);
    }
  }

  /** A map of strings, in the order of the tree; anything else is empty. */
  public static Map<String, String> strings(JsonNode node) {
    Map<String, String> values = new LinkedHashMap<>();
    node.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
    return values;
  }

  private static String text(ObjectNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }
}
