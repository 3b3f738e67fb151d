package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Manifests bring their own definitions of kinds that Heddle serves itself. Such a definition is
 * merged into the one that stands: it may add versions and fields and loosen checks, and can
 * neither take anything away nor tighten a check.
 */
public final class CrdMerge {
  /** Set to {@code "true"} on definitions that are Heddle's own. */
  public static final String OWN = "heddle.dev/built-in";

  private static final List<String> STRUCTURE =
      List.of(
          "type",
          "properties",
          "items",
          "additionalProperties",
          "description",
          "default",
          "x-kubernetes-int-or-string",
          "x-kubernetes-list-type",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-map-type",
          "x-kubernetes-embedded-resource",
          "nullable",
          "x-kubernetes-preserve-unknown-fields");

  private CrdMerge() {}

  /** Whether a stored definition is Heddle's own. */
  public static boolean protects(ObjectNode stored) {
    return Metadata.annotations(stored).getOrDefault(OWN, "").equals("true");
  }

  /** Merges a manifest's definition (v1) into the stored one; neither argument is changed. */
  public static ObjectNode merge(ObjectNode stored, ObjectNode wanted) {
    ObjectNode result = wanted.deepCopy();
    Fill.object(Metadata.of(result), "annotations").put(OWN, "true");
    ObjectNode spec = stored.path("spec").deepCopy();
    ArrayNode versions = spec.withArray("/versions");
    for (JsonNode version : wanted.path("spec").path("versions")) {
      ObjectNode same = named(versions, version.path("name").asText());
      if (same == null) {
        versions.add(((ObjectNode) version.deepCopy()).put("storage", false));
      } else {
        version(same, version);
      }
    }
    names(spec, wanted.path("spec").path("names"));
    result.set("spec", spec);
    return result;
  }

  private static @Nullable ObjectNode named(ArrayNode versions, String name) {
    for (JsonNode version : versions) {
      if (version.path("name").asText().equals(name) && version instanceof ObjectNode object) {
        return object;
      }
    }
    return null;
  }

  private static void version(ObjectNode kept, JsonNode added) {
    JsonNode addedSchema = added.path("schema").path("openAPIV3Schema");
    if (kept.path("schema").path("openAPIV3Schema") instanceof ObjectNode schema) {
      schema(schema, addedSchema);
    }
    if (added.path("served").asBoolean()) {
      kept.put("served", true);
    }
    if (kept.path("additionalPrinterColumns").isEmpty()
        && !added.path("additionalPrinterColumns").isEmpty()) {
      kept.set("additionalPrinterColumns", added.get("additionalPrinterColumns").deepCopy());
    }
  }

  private static void names(ObjectNode spec, JsonNode added) {
    for (String list : List.of("shortNames", "categories")) {
      ArrayNode kept = spec.withArray("/names/" + list);
      for (JsonNode name : added.path(list)) {
        if (!contains(kept, name)) {
          kept.add(name);
        }
      }
      if (kept.isEmpty()) {
        ((ObjectNode) spec.path("names")).remove(list);
      }
    }
  }

  private static boolean contains(ArrayNode list, JsonNode value) {
    for (JsonNode item : list) {
      if (item.equals(value)) {
        return true;
      }
    }
    return false;
  }

  /** Adds fields; keeps of the checks those on which both agree. */
  private static void schema(ObjectNode kept, JsonNode added) {
    if (!added.path("type").equals(kept.path("type")) || !added.isObject()) {
      return;
    }
    loosen(kept, added);
    if (kept.get("properties") instanceof ObjectNode properties) {
      for (var entry : added.path("properties").properties()) {
        if (properties.get(entry.getKey()) instanceof ObjectNode same) {
          schema(same, entry.getValue());
        } else {
          properties.set(entry.getKey(), entry.getValue().deepCopy());
        }
      }
    }
    for (String below : List.of("items", "additionalProperties")) {
      if (kept.get(below) instanceof ObjectNode same) {
        schema(same, added.path(below));
      }
    }
  }

  private static void loosen(ObjectNode kept, JsonNode added) {
    List<String> keywords = new ArrayList<>();
    kept.fieldNames().forEachRemaining(keywords::add);
    for (String keyword : keywords) {
      if (STRUCTURE.contains(keyword) || kept.get(keyword).equals(added.get(keyword))) {
        continue;
      }
      boolean enumeration = keyword.equals("enum") && added.has("enum");
      boolean required = keyword.equals("required") && added.has("required");
      if (enumeration && kept.get(keyword) instanceof ArrayNode choices) {
        added.path(keyword).forEach(c -> addOnce(choices, c));
      } else if (required && kept.get(keyword) instanceof ArrayNode names) {
        ArrayNode both = (ArrayNode) added.get(keyword);
        names.removeIf(name -> !contains(both, name));
      } else {
        kept.remove(keyword);
      }
    }
  }

  private static void addOnce(ArrayNode list, JsonNode value) {
    if (!contains(list, value)) {
      list.add(value);
    }
  }
}
