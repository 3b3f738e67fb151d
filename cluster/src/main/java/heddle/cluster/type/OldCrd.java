package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * apiextensions.k8s.io/v1beta1: one schema, one set of columns for all versions, and schemas that
 * need not be there. Without {@code preserveUnknownFields: false} nothing is pruned.
 */
final class OldCrd implements Conversion {

  @Override
  public void toStorage(ObjectNode crd) {
    ObjectNode spec = Fill.object(crd, "spec");
    Fill.text(spec, "scope", "Namespaced");
    boolean preserve = spec.path("preserveUnknownFields").asBoolean(true);
    spec.remove("preserveUnknownFields");
    JsonNode single = spec.remove("version");
    if (spec.path("versions").isEmpty() && single != null) {
      ObjectNode version = spec.putArray("versions").addObject();
      version.set("name", single);
      version.put("served", true).put("storage", true);
    }
    JsonNode schema = spec.remove("validation");
    JsonNode subresources = spec.remove("subresources");
    JsonNode columns = spec.remove("additionalPrinterColumns");
    for (JsonNode entry : spec.path("versions")) {
      if (entry instanceof ObjectNode version) {
        inherit(version, "schema", schema);
        inherit(version, "subresources", subresources);
        inherit(version, "additionalPrinterColumns", columns);
        columns(version.path("additionalPrinterColumns"));
        schema(version, preserve);
      }
    }
    conversion(spec);
  }

  private static void inherit(
      ObjectNode version, String field, @org.jspecify.annotations.Nullable JsonNode all) {
    if (Fill.absent(version, field) && all != null && !all.isNull()) {
      version.set(field, all.deepCopy());
    }
  }

  private static void columns(JsonNode columns) {
    for (JsonNode entry : columns) {
      if (entry instanceof ObjectNode column && column.has("JSONPath")) {
        column.set("jsonPath", column.remove("JSONPath"));
      }
    }
  }

  private static void schema(ObjectNode version, boolean preserve) {
    ObjectNode root = Fill.object(Fill.object(version, "schema"), "openAPIV3Schema");
    Fill.text(root, "type", "object");
    if (preserve) {
      preserve(root);
    }
  }

  /** Old schemas may leave types out and list only some fields: keep whatever is not listed. */
  private static void preserve(ObjectNode schema) {
    boolean open = schema.path("x-kubernetes-int-or-string").asBoolean();
    if (!open && Fill.absent(schema, "type")) {
      if (schema.has("properties") || schema.has("additionalProperties")) {
        schema.put("type", "object");
      } else if (schema.has("items")) {
        schema.put("type", "array");
      } else {
        schema.put("x-kubernetes-preserve-unknown-fields", true);
      }
    }
    if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
      schema.put("x-kubernetes-preserve-unknown-fields", true);
    }
    for (JsonNode property : schema.path("properties")) {
      if (property instanceof ObjectNode object) {
        preserve(object);
      }
    }
    for (String field : List.of("items", "additionalProperties")) {
      if (schema.get(field) instanceof ObjectNode object) {
        preserve(object);
      }
    }
  }

  private static void conversion(ObjectNode spec) {
    if (spec.get("conversion") instanceof ObjectNode conversion
        && conversion.has("webhookClientConfig")) {
      ObjectNode webhook = conversion.putObject("webhook");
      webhook.set("clientConfig", conversion.remove("webhookClientConfig"));
      JsonNode versions = conversion.remove("conversionReviewVersions");
      if (versions != null) {
        webhook.set("conversionReviewVersions", versions);
      }
    }
  }

  @Override
  public void fromStorage(ObjectNode crd) {
    ObjectNode spec = Fill.object(crd, "spec");
    if (spec.get("versions") instanceof ArrayNode versions && !versions.isEmpty()) {
      spec.set("version", versions.get(0).path("name"));
      for (JsonNode version : versions) {
        for (JsonNode entry : version.path("additionalPrinterColumns")) {
          if (entry instanceof ObjectNode column && column.has("jsonPath")) {
            column.set("JSONPath", column.remove("jsonPath"));
          }
        }
      }
    }
    spec.put("preserveUnknownFields", false);
  }
}
