package heddle.cluster.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.type.Definition;
import heddle.cluster.type.Served;
import java.util.ArrayList;
import java.util.List;

/** {@code autoscaling/v1 Scale} as a view of an object. */
final class Scales {
  private final Definition.Scale paths;

  Scales(Served served) {
    Definition.Scale scale = served.definition().scale();
    if (scale == null) {
      throw new IllegalArgumentException(served.type().qualifiedPlural() + " has no scale");
    }
    this.paths = scale;
  }

  ObjectNode of(ObjectNode object) {
    ObjectNode scale = JsonNodeFactory.instance.objectNode();
    scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      if (Metadata.of(object).has(field)) {
        metadata.set(field, Metadata.of(object).get(field));
      }
    }
    scale.putObject("spec").put("replicas", find(object, paths.specReplicas()).asLong());
    ObjectNode status = scale.putObject("status");
    status.put("replicas", find(object, paths.statusReplicas()).asLong());
    String selector =
        paths.selector().isEmpty()
            ? selector(object.path("spec").path("selector"))
            : find(object, paths.selector()).asText("");
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  /** Writes the wanted number into an object, over the version that the scale names. */
  ObjectNode apply(ObjectNode object, ObjectNode scale) {
    JsonNode replicas = scale.path("spec").path("replicas");
    if (replicas.asLong(-1) < 0) {
      throw new ApiException(
          422,
          "Invalid",
          "Scale.autoscaling \"%s\" is invalid: spec.replicas: Invalid value: %s: must be greater than or equal to 0"
              .formatted(Metadata.name(object), replicas));
    }
    if (!Metadata.resourceVersion(scale).isEmpty()) {
      Metadata.of(object).put("resourceVersion", Metadata.resourceVersion(scale));
    }
    String path = paths.specReplicas();
    int last = path.lastIndexOf('.');
    object
        .withObject("/" + path.substring(0, last).replace('.', '/'))
        .put(path.substring(last + 1), replicas.asInt());
    return object;
  }

  private static JsonNode find(ObjectNode object, String path) {
    return object.at("/" + path.replace('.', '/'));
  }

  private static String selector(JsonNode selector) {
    List<String> terms = new ArrayList<>();
    Metadata.strings(selector.path("matchLabels"))
        .forEach((key, value) -> terms.add(key + "=" + value));
    for (JsonNode term : selector.path("matchExpressions")) {
      String key = term.path("key").asText();
      List<String> values = new ArrayList<>();
      term.path("values").forEach(value -> values.add(value.asText()));
      String in = " (" + String.join(",", values) + ")";
      terms.add(
          switch (term.path("operator").asText()) {
            case "In" -> key + " in" + in;
            case "NotIn" -> key + " notin" + in;
            case "DoesNotExist" -> "!" + key;
            default -> key;
          });
    }
    return String.join(",", terms);
  }
}
