package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ResourceType;
import heddle.cluster.schema.BuiltinSchemas;
import heddle.cluster.schema.Schema;
import heddle.cluster.type.Definition.Scale;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes served types out of a CustomResourceDefinition. */
final class CustomTypes {

  private CustomTypes() {}

  static List<Served> of(ObjectNode crd, BuiltinSchemas schemas) {
    JsonNode versions = crd.path("spec").path("versions");
    List<Served> served = new ArrayList<>();
    for (JsonNode version : versions) {
      if (version.path("storage").asBoolean()) {
        Definition storage = definition(crd, version);
        for (JsonNode one : versions) {
          if (one.path("served").asBoolean()) {
            served.add(served(crd, one, storage, schemas));
          }
        }
      }
    }
    served.sort(
        (a, b) -> VersionOrder.NEWEST_FIRST.compare(a.type().version(), b.type().version()));
    return served;
  }

  private static Served served(
      ObjectNode crd, JsonNode version, Definition storage, BuiltinSchemas schemas) {
    ResourceType type = type(crd, version);
    String deprecation = null;
    if (version.path("deprecated").asBoolean()) {
      deprecation =
          version
              .path("deprecationWarning")
              .asText(type.apiVersion() + " " + type.kind() + " is deprecated");
    }
    Definition definition = definition(crd, version);
    Definition own =
        new Definition(
            storage.type(),
            definition.names(),
            definition.verbs(),
            definition.status(),
            definition.scale(),
            true,
            true,
            definition.rules(),
            definition.endpoints());
    Schema schema = schemas.with(whole(version.path("schema").path("openAPIV3Schema")));
    return new Served(
        type,
        own,
        Conversion.NONE,
        deprecation,
        true,
        () -> schema,
        columns(version.path("additionalPrinterColumns")));
  }

  /** A declared schema with the fields that every object has. */
  private static JsonNode whole(JsonNode declared) {
    if (!(declared instanceof ObjectNode object)) {
      return declared;
    }
    ObjectNode schema = object.deepCopy();
    ObjectNode properties = schema.withObject("/properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties
        .putObject("metadata")
        .put("$ref", "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    return schema;
  }

  private static List<PrinterColumn> columns(JsonNode declared) {
    List<PrinterColumn> columns = new ArrayList<>();
    for (JsonNode column : declared) {
      columns.add(
          new PrinterColumn(
              column.path("name").asText(),
              column.path("type").asText("string"),
              column.path("format").asText(""),
              column.path("priority").asInt(),
              column.path("jsonPath").asText()));
    }
    return columns;
  }

  private static ResourceType type(ObjectNode crd, JsonNode version) {
    JsonNode spec = crd.path("spec");
    JsonNode names = spec.path("names");
    return new ResourceType(
        spec.path("group").asText(),
        version.path("name").asText(),
        names.path("plural").asText(),
        names.path("kind").asText(),
        spec.path("scope").asText().equals("Namespaced"));
  }

  private static Definition definition(ObjectNode crd, JsonNode version) {
    JsonNode names = crd.path("spec").path("names");
    ResourceType type = type(crd, version);
    Definition.Builder builder =
        Definition.define(
                type.group(), type.version(), type.plural(), type.kind(), type.namespaced())
            .custom(names.path("singular").asText(), names.path("listKind").asText())
            .shortNames(texts(names.path("shortNames")))
            .categories(texts(names.path("categories")))
            .generation()
            .scale(scale(version.path("subresources").path("scale")));
    if (version.path("subresources").has("status")) {
      builder.status();
    }
    return builder.build();
  }

  private static @Nullable Scale scale(JsonNode scale) {
    if (!scale.isObject()) {
      return null;
    }
    return new Scale(
        path(scale.path("specReplicasPath")),
        path(scale.path("statusReplicasPath")),
        path(scale.path("labelSelectorPath")));
  }

  private static String path(JsonNode path) {
    String text = path.asText("");
    return text.startsWith(".") ? text.substring(1) : text;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
