package heddle.cluster.node.environment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.volume.ConfigurationException;
import heddle.cluster.node.volume.FieldReference;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Works out the variables of one container from its spec and what the spec refers to. */
public final class ContainerEnvironment {
  private final Objects objects;
  private final ObjectNode pod;
  private final JsonNode container;
  private final JsonNode allocatable;

  /**
   * @param pod with its addresses in the status
   * @param allocatable of the node
   */
  public ContainerEnvironment(
      Objects objects, ObjectNode pod, JsonNode container, JsonNode allocatable) {
    this.objects = objects;
    this.pod = pod;
    this.container = container;
    this.allocatable = allocatable;
  }

  /**
   * The variables that the manifest gives, in order, services' first.
   *
   * @throws ConfigurationException when a reference that is not optional leads nowhere
   */
  public Map<String, String> variables() throws ConfigurationException {
    Map<String, String> services = services();
    Map<String, String> variables = new LinkedHashMap<>(services);
    for (JsonNode source : container.path("envFrom")) {
      addAll(source, variables);
    }
    for (JsonNode entry : container.path("env")) {
      Optional<String> value = value(entry, variables);
      value.ifPresent(text -> variables.put(entry.path("name").asText(), text));
    }
    return variables;
  }

  private Map<String, String> services() {
    List<ObjectNode> seen = new ArrayList<>();
    String namespace = Metadata.namespace(pod);
    objects.get(Kinds.SERVICES, "default", "kubernetes").ifPresent(seen::add);
    if (pod.path("spec").path("enableServiceLinks").asBoolean(true)) {
      seen.addAll(objects.list(Kinds.SERVICES, namespace).items());
    }
    return ServiceVariables.of(seen);
  }

  private void addAll(JsonNode source, Map<String, String> variables)
      throws ConfigurationException {
    ResourceType type = source.has("secretRef") ? Kinds.SECRETS : Kinds.CONFIG_MAPS;
    JsonNode reference = source.path(source.has("secretRef") ? "secretRef" : "configMapRef");
    String prefix = source.path("prefix").asText("");
    Optional<ObjectNode> object = find(type, reference);
    if (object.isPresent()) {
      for (String key : Metadata.strings(object.get().path("data")).keySet()) {
        variables.put(prefix + key, text(type, object.get(), key));
      }
    }
  }

  private Optional<String> value(JsonNode entry, Map<String, String> variables)
      throws ConfigurationException {
    JsonNode from = entry.path("valueFrom");
    if (from.isMissingNode()) {
      return Optional.of(Expansion.expand(entry.path("value").asText(""), variables));
    }
    if (from.has("fieldRef")) {
      return Optional.of(
          FieldReference.field(pod, from.path("fieldRef").path("fieldPath").asText()));
    }
    if (from.has("resourceFieldRef")) {
      return Optional.of(
          FieldReference.resource(
              pod, container.path("name").asText(), from.path("resourceFieldRef"), allocatable));
    }
    boolean secret = from.has("secretKeyRef");
    return key(
        secret ? Kinds.SECRETS : Kinds.CONFIG_MAPS,
        from.path(secret ? "secretKeyRef" : "configMapKeyRef"));
  }

  private Optional<String> key(ResourceType type, JsonNode reference)
      throws ConfigurationException {
    String key = reference.path("key").asText();
    Optional<ObjectNode> object = find(type, reference);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    if (object.get().path("data").has(key)) {
      return Optional.of(text(type, object.get(), key));
    }
    if (reference.path("optional").asBoolean()) {
      return Optional.empty();
    }
    throw new ConfigurationException(
        "couldn't find key "
            + key
            + " in "
            + type.kind()
            + " "
            + Metadata.namespace(pod)
            + "/"
            + reference.path("name").asText());
  }

  private Optional<ObjectNode> find(ResourceType type, JsonNode reference)
      throws ConfigurationException {
    String name = reference.path("name").asText();
    Optional<ObjectNode> object = objects.get(type, Metadata.namespace(pod), name);
    if (object.isEmpty() && !reference.path("optional").asBoolean()) {
      throw new ConfigurationException(
          type.kind().toLowerCase(Locale.ROOT) + " \"" + name + "\" not found");
    }
    return object;
  }

  private static String text(ResourceType type, ObjectNode object, String key) {
    String value = object.path("data").path(key).asText();
    return type.equals(Kinds.SECRETS)
        ? new String(Base64.getDecoder().decode(value), UTF_8)
        : value;
  }
}
