package heddle.cluster.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Served;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One group's OpenAPI v3 document. */
final class GroupDocument {
  private static final String COMPONENTS = "#/components/schemas/";
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private final ObjectNode builtin;
  private final ObjectNode document = JsonNodeFactory.instance.objectNode();
  private final ObjectNode paths;
  private final ObjectNode schemas;

  GroupDocument(ObjectNode builtin) {
    this.builtin = builtin;
    document.put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.33.0");
    paths = document.putObject("paths");
    schemas = document.putObject("components").putObject("schemas");
  }

  ObjectNode of(List<Served> served) {
    for (Served one : served) {
      String name = one.definition().custom() ? custom(one) : builtin(one);
      operations(one, name);
    }
    return document;
  }

  private void operations(Served served, String schema) {
    ResourceType type = served.type();
    String path = Patches.path(type);
    ObjectNode one = paths.putObject(path);
    ObjectNode all = paths.putObject(path.substring(0, path.lastIndexOf('/')));
    if (served.definition().verbs().contains("create")) {
      write(all, "post", "create", served, schema, List.of("application/json"));
    }
    if (served.definition().verbs().contains("get")) {
      operation(one, "get", "get", type, schema);
    }
    if (served.definition().verbs().contains("update")) {
      write(one, "put", "update", served, schema, List.of("application/json"));
    }
    if (Patches.patches(served)) {
      write(one, "patch", "patch", served, schema, Patches.mediaTypes(served));
    }
  }

  private void write(
      ObjectNode item,
      String method,
      String action,
      Served served,
      String schema,
      List<String> mediaTypes) {
    ObjectNode operation = operation(item, method, action, served.type(), schema);
    ArrayNode parameters = operation.putArray("parameters");
    for (String parameter : List.of("dryRun", "fieldManager", "fieldValidation")) {
      ObjectNode node = parameters.addObject().put("name", parameter).put("in", "query");
      node.putObject("schema").put("type", "string").put("uniqueItems", true);
    }
    ObjectNode content = operation.putObject("requestBody").putObject("content");
    for (String mediaType : mediaTypes) {
      content.putObject(mediaType).putObject("schema").put("$ref", COMPONENTS + schema);
    }
  }

  private static ObjectNode operation(
      ObjectNode item, String method, String action, ResourceType type, String schema) {
    ObjectNode operation = item.putObject(method);
    operation.put("x-kubernetes-action", action);
    kind(operation.putObject("x-kubernetes-group-version-kind"), type);
    ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
    ok.putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", COMPONENTS + schema);
    return operation;
  }

  private static ObjectNode kind(ObjectNode node, ResourceType type) {
    return node.put("group", type.group()).put("kind", type.kind()).put("version", type.version());
  }

  /**
   * A built-in kind: its definition and all that it refers to, under the version that is served.
   */
  private String builtin(Served served) {
    ResourceType type = served.type();
    String name =
        "io.k8s.api."
            + (type.group().isEmpty() ? "core" : type.group().split("\\.", 2)[0])
            + "."
            + type.version()
            + "."
            + type.kind();
    JsonNode root = served.schema().json();
    if (root instanceof ObjectNode found && !schemas.has(name)) {
      ObjectNode schema = found.deepCopy();
      kind(schema.putArray("x-kubernetes-group-version-kind").addObject(), type);
      schemas.set(name, schema);
      references(schema);
    }
    return name;
  }

  private void references(JsonNode node) {
    JsonNode reference = node.path("$ref");
    if (reference.isTextual()) {
      String name = reference.asText().substring(COMPONENTS.length());
      if (!schemas.has(name) && builtin.get(name) instanceof ObjectNode found) {
        ObjectNode copy = found.deepCopy();
        schemas.set(name, copy);
        references(copy);
      }
    }
    node.forEach(this::references);
  }

  private String custom(Served served) {
    ResourceType type = served.type();
    List<String> parts = new ArrayList<>(List.of(type.group().split("\\.", -1)));
    Collections.reverse(parts);
    String name = String.join(".", parts) + "." + type.version() + "." + type.kind();
    JsonNode declared = served.schema().json();
    ObjectNode schema =
        declared instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    schema.put("type", "object");
    ObjectNode properties = schema.withObject("/properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("$ref", COMPONENTS + OBJECT_META);
    kind(schema.putArray("x-kubernetes-group-version-kind").addObject(), type);
    schemas.set(name, schema);
    references(properties.path("metadata"));
    return name;
  }
}
