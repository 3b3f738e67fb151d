package heddle.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.manifest.Document;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One Kubernetes object: its JSON, and the fields that every kind has. The tree is shared; callers
 * that change something do so on {@link #copy}.
 */
public record KubeObject(ObjectNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A new object with nothing but its identity; an empty namespace means none. */
  public static KubeObject of(String apiVersion, String kind, String namespace, String name) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata = json.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return new KubeObject(json);
  }

  /** The object that a manifest's document holds. */
  public static KubeObject of(Document document) {
    return new KubeObject(MAPPER.valueToTree(document.root().plain()));
  }

  /**
   * Reads JSON.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public static KubeObject parse(String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode json) {
        return new KubeObject(json);
      }
      throw new IllegalArgumentException("not a JSON object: " + abbreviated(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + abbreviated(text), e);
    }
  }

  private static String abbreviated(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  /** The object as a manifest's document, for the decoders of {@code heddle.resource}. */
  @SuppressWarnings("unchecked")
  public Document document() {
    return Document.ofObject((Map<String, Object>) MAPPER.convertValue(json, LinkedHashMap.class));
  }

  /** A deep copy. */
  public KubeObject copy() {
    return new KubeObject(json.deepCopy());
  }

  public String apiVersion() {
    return json.path("apiVersion").asText();
  }

  public String kind() {
    return json.path("kind").asText();
  }

  public String name() {
    return metadata("name");
  }

  /** Empty for cluster-scoped objects. */
  public String namespace() {
    return metadata("namespace");
  }

  /** {@code namespace/name}, or the name alone. */
  public String key() {
    return key(namespace(), name());
  }

  /** The key of an object of that name. */
  public static String key(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** Empty until the object has been stored. */
  public String uid() {
    return metadata("uid");
  }

  public String resourceVersion() {
    return metadata("resourceVersion");
  }

  /** Counts the changes of the desired state; 0 where the kind does not count. */
  public long generation() {
    return json.path("metadata").path("generation").asLong();
  }

  /** Whether deletion has begun. */
  public boolean deleting() {
    return json.path("metadata").hasNonNull("deletionTimestamp");
  }

  public Map<String, String> labels() {
    return strings("labels");
  }

  public Map<String, String> annotations() {
    return strings("annotations");
  }

  public boolean hasFinalizer(String finalizer) {
    for (JsonNode each : json.path("metadata").path("finalizers")) {
      if (each.asText().equals(finalizer)) {
        return true;
      }
    }
    return false;
  }

  /** {@code status.conditions} of that type. */
  public Optional<JsonNode> condition(String type) {
    for (JsonNode condition : json.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  /** Whether the condition of that type is there and True. */
  public boolean isTrue(String type) {
    return condition(type).map(each -> each.path("status").asText().equals("True")).orElse(false);
  }

  /** {@code spec}, or a missing node. */
  public JsonNode spec() {
    return json.path("spec");
  }

  /** {@code status}, or a missing node. */
  public JsonNode status() {
    return json.path("status");
  }

  /** {@code metadata}, made when absent. */
  public ObjectNode metadata() {
    return json.withObjectProperty("metadata");
  }

  /** {@code Pod default/front-1}. */
  @Override
  public String toString() {
    return kind() + " " + key();
  }

  private String metadata(String field) {
    return json.path("metadata").path(field).asText();
  }

  private Map<String, String> strings(String field) {
    Map<String, String> strings = new LinkedHashMap<>();
    json.path("metadata")
        .path(field)
        .properties()
        .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
    return Collections.unmodifiableMap(strings);
  }
}
