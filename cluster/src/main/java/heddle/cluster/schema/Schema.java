package heddle.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One node of a structural schema: OpenAPI v3 with Kubernetes' {@code x-kubernetes-*} extensions.
 * Nodes are immutable; references are followed when a child is asked for.
 */
public final class Schema {
  /** Knows nothing, so keeps everything. */
  public static final Schema OPEN =
      new Schema(
          JsonNodeFactory.instance.objectNode().put("x-kubernetes-preserve-unknown-fields", true),
          name -> MissingNode.getInstance());

  private final JsonNode node;
  private final Function<String, JsonNode> definitions;
  private final Map<String, Optional<Schema>> children = new ConcurrentHashMap<>();

  /** How two writers share a list. Source: Kubernetes {@code x-kubernetes-list-type}. */
  public enum ListType {
    ATOMIC,
    SET,
    MAP
  }

  private Schema(JsonNode node, Function<String, JsonNode> definitions) {
    this.node = node;
    this.definitions = definitions;
  }

  /** A schema without references, as a CustomResourceDefinition has it. */
  public static Schema of(JsonNode schema) {
    return new Schema(schema, name -> MissingNode.getInstance());
  }

  /**
   * @param definitions finds what {@code #/components/schemas/NAME} refers to
   */
  public static Schema of(JsonNode schema, Function<String, JsonNode> definitions) {
    return new Schema(resolve(schema, definitions), definitions);
  }

  private static JsonNode resolve(JsonNode node, Function<String, JsonNode> definitions) {
    JsonNode reference = node.path("$ref");
    if (!reference.isTextual() && node.path("allOf").size() == 1 && !node.has("type")) {
      reference = node.path("allOf").get(0).path("$ref");
    }
    if (!reference.isTextual()) {
      return node;
    }
    JsonNode target =
        definitions.apply(reference.asText().substring(reference.asText().lastIndexOf('/') + 1));
    if (node.size() == 1 || !target.isObject()) {
      return target;
    }
    com.fasterxml.jackson.databind.node.ObjectNode merged = target.deepCopy();
    node.properties()
        .forEach(
            e -> {
              if (!e.getKey().equals("$ref") && !e.getKey().equals("allOf")) {
                merged.set(e.getKey(), e.getValue());
              }
            });
    return merged;
  }

  /** The schema as JSON, for keywords that have no method here. */
  public JsonNode json() {
    return node;
  }

  /** object, array, string, integer, number, boolean, or empty. */
  public String type() {
    return node.path("type").asText("");
  }

  /** The schema of a declared property. */
  public Optional<Schema> property(String name) {
    return child("." + name, node.path("properties").path(name));
  }

  /** Names of the declared properties. */
  public Set<String> properties() {
    Set<String> names = new TreeSet<>();
    node.path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The schema of every other key; empty when there is none. */
  public Optional<Schema> additional() {
    JsonNode additional = node.path("additionalProperties");
    return additional.isBoolean() && additional.asBoolean()
        ? Optional.of(OPEN)
        : child("*", additional);
  }

  /** The schema of a list's items. */
  public Optional<Schema> items() {
    return child("[]", node.path("items"));
  }

  private Optional<Schema> child(String key, JsonNode schema) {
    return children.computeIfAbsent(
        key, k -> schema.isObject() ? Optional.of(of(schema, definitions)) : Optional.empty());
  }

  /** The schema below a key, declared or additional. */
  public @Nullable Schema below(String key) {
    return property(key).or(this::additional).orElse(null);
  }

  public boolean preservesUnknown() {
    return flag("x-kubernetes-preserve-unknown-fields");
  }

  public boolean intOrString() {
    return flag("x-kubernetes-int-or-string")
        || node.path("format").asText().equals("int-or-string");
  }

  /** Whether it holds a whole object with apiVersion, kind and metadata. */
  public boolean embedded() {
    return flag("x-kubernetes-embedded-resource");
  }

  public boolean nullable() {
    return flag("nullable");
  }

  /** Whether a map is owned as a whole. */
  public boolean atomicMap() {
    return node.path("x-kubernetes-map-type").asText().equals("atomic");
  }

  public ListType listType() {
    return switch (node.path("x-kubernetes-list-type").asText()) {
      case "set" -> ListType.SET;
      case "map" -> ListType.MAP;
      default -> ListType.ATOMIC;
    };
  }

  /** The keys that tell the items of a map-like list apart. */
  public List<String> listKeys() {
    List<String> keys = new ArrayList<>();
    node.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  /** The key by which strategic merge patches match items; empty for lists of plain values. */
  public String mergeKey() {
    return node.path("x-kubernetes-patch-merge-key").asText("");
  }

  /** Whether strategic merge patches merge this list instead of replacing it. */
  public boolean merges() {
    return node.path("x-kubernetes-patch-strategy").asText("").contains("merge");
  }

  /** Whether strategic merge patches replace this object instead of merging it. */
  public boolean replaced() {
    return node.path("x-kubernetes-patch-strategy").asText("").equals("replace");
  }

  private boolean flag(String keyword) {
    return node.path(keyword).asBoolean();
  }
}
