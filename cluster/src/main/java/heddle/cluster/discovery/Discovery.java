package heddle.cluster.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Definition;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import heddle.cluster.type.VersionOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Discovery documents. Old versions carry no short names, so that no name is ambiguous. */
public final class Discovery {
  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

  private final Types types;

  public Discovery(Types types) {
    this.types = types;
  }

  /** {@code /api}. */
  public ObjectNode coreVersions() {
    ObjectNode versions = JsonNodeFactory.instance.objectNode();
    versions.put("kind", "APIVersions").putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  /** {@code /apis}. */
  public ObjectNode groups() {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    byGroup()
        .forEach(
            (group, versions) -> {
              if (!group.isEmpty()) {
                groups.add(group(group, versions));
              }
            });
    return list;
  }

  /** {@code /apis/GROUP}; empty when there is no such group. */
  public Optional<ObjectNode> group(String group) {
    Map<String, List<Served>> versions = byGroup().get(group);
    if (versions == null || group.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode node = group(group, versions);
    node.put("kind", "APIGroup").put("apiVersion", "v1");
    return Optional.of(node);
  }

  private static ObjectNode group(String group, Map<String, List<Served>> versions) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", group);
    ArrayNode list = node.putArray("versions");
    versions.keySet().forEach(version -> list.add(version(group, version)));
    node.set("preferredVersion", version(group, versions.keySet().iterator().next()));
    return node;
  }

  private static ObjectNode version(String group, String version) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return node.put("groupVersion", group + "/" + version).put("version", version);
  }

  /** {@code /api/v1} and {@code /apis/GROUP/VERSION}; empty when there is no such version. */
  public Optional<ObjectNode> resources(String group, String version) {
    List<Served> served = byGroup().getOrDefault(group, Map.of()).get(version);
    if (served == null) {
      return Optional.empty();
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = list.putArray("resources");
    for (Served one : served) {
      ResourceType type = one.type();
      Definition definition = one.definition();
      ObjectNode node = resource(resources, type, type.plural(), type.kind(), definition.verbs());
      node.put("singularName", definition.names().singular());
      names(node, one, "shortNames", "categories");
      for (Definition.Endpoint part : subresources(one)) {
        ObjectNode sub =
            resource(resources, type, type.plural() + "/" + part.name(), part.kind(), part.verbs());
        if (!part.group().equals(type.group()) || !part.version().equals(type.version())) {
          sub.put("group", part.group()).put("version", part.version());
        }
      }
    }
    return Optional.of(list);
  }

  private static ObjectNode resource(
      ArrayNode resources, ResourceType type, String name, String kind, List<String> verbs) {
    ObjectNode node = resources.addObject();
    node.put("name", name).put("singularName", "").put("namespaced", type.namespaced());
    ArrayNode list = node.put("kind", kind).putArray("verbs");
    verbs.forEach(list::add);
    return node;
  }

  private static void names(ObjectNode node, Served one, String shortField, String groupField) {
    if (one.preferred()) {
      texts(node, shortField, one.definition().names().shortNames());
      texts(node, groupField, one.definition().names().categories());
    }
  }

  private static void texts(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode list = node.putArray(field);
      values.forEach(list::add);
    }
  }

  private static List<Definition.Endpoint> subresources(Served one) {
    Definition definition = one.definition();
    ResourceType type = one.type();
    List<Definition.Endpoint> parts = new ArrayList<>();
    if (definition.status()) {
      parts.add(
          new Definition.Endpoint(
              "status", type.group(), type.version(), type.kind(), STATUS_VERBS));
    }
    if (definition.scale() != null) {
      parts.add(new Definition.Endpoint("scale", "autoscaling", "v1", "Scale", STATUS_VERBS));
    }
    parts.addAll(definition.endpoints());
    return parts;
  }

  /**
   * The aggregated form of {@code /api} or {@code /apis}.
   *
   * @param version v2 or v2beta1 of apidiscovery.k8s.io
   */
  public ObjectNode aggregated(boolean core, String version) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "APIGroupDiscoveryList");
    list.put("apiVersion", "apidiscovery.k8s.io/" + version).putObject("metadata");
    ArrayNode items = list.putArray("items");
    byGroup()
        .forEach(
            (group, versions) -> {
              if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata").put("name", group);
                metadata.putNull("creationTimestamp");
                ArrayNode all = item.putArray("versions");
                versions.forEach((name, served) -> aggregate(all.addObject(), name, served));
              }
            });
    return list;
  }

  private static void aggregate(ObjectNode node, String version, List<Served> served) {
    node.put("version", version).put("freshness", "Current");
    ArrayNode resources = node.putArray("resources");
    for (Served one : served) {
      ResourceType type = one.type();
      ObjectNode resource = resources.addObject().put("resource", type.plural());
      kind(resource, type.group(), type.version(), type.kind());
      resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
      resource.put("singularResource", one.definition().names().singular());
      texts(resource, "verbs", one.definition().verbs());
      names(resource, one, "shortNames", "categories");
      List<Definition.Endpoint> parts = subresources(one);
      if (!parts.isEmpty()) {
        ArrayNode list = resource.putArray("subresources");
        for (Definition.Endpoint part : parts) {
          ObjectNode sub = list.addObject().put("subresource", part.name());
          kind(sub, part.group(), part.version(), part.kind());
          texts(sub, "verbs", part.verbs());
        }
      }
    }
  }

  private static void kind(ObjectNode node, String group, String version, String kind) {
    ObjectNode response = node.putObject("responseKind");
    response.put("group", group).put("version", version).put("kind", kind);
  }

  /** Groups in order of precedence, each with its versions, the preferred one first. */
  private Map<String, Map<String, List<Served>>> byGroup() {
    Map<String, Map<String, List<Served>>> groups = new LinkedHashMap<>();
    for (Served served : types.all()) {
      groups
          .computeIfAbsent(
              served.type().group(), g -> new java.util.TreeMap<>(VersionOrder.NEWEST_FIRST))
          .computeIfAbsent(served.type().version(), v -> new ArrayList<>())
          .add(served);
    }
    return groups;
  }
}
