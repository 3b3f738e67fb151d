package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A configuration as scenarios write it: fragments over a base of one listener {@code l}
 * (statistics {@code p}, access log, router), one route configuration {@code r} with one route to
 * all paths, and one EDS cluster {@code c} of one host {@code a}.
 */
final class XdsDraft {
  private static final Set<String> KEYS =
      new TreeSet<>(
          List.of(
              "listener",
              "listeners",
              "hcm",
              "route_config",
              "route_configs",
              "vhost",
              "vhosts",
              "match",
              "route",
              "routes",
              "cluster",
              "clusters",
              "hosts",
              "endpoints"));

  private static final String BASE_HCM =
      """
      stat_prefix: p
      rds: {route_config_name: r, config_source: {ads: {}, resource_api_version: V3}}
      access_log:
      - name: envoy.access_loggers.file
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
          path: /dev/stdout
          log_format: {text_format_source: {inline_string: "LOG"}}
      http_filters:
      - name: envoy.filters.http.router
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
      """;
  private static final String BASE_LISTENER =
      "address: {socket_address: {address: 127.0.0.1, port_value: 0}}";
  private static final String BASE_CLUSTER =
      """
      type: EDS
      connect_timeout: 5s
      eds_cluster_config: {eds_config: {ads: {}, resource_api_version: V3}}
      """;

  private final String where;
  private final ObjectNode draft;
  private final CompiledNode compiled;

  private XdsDraft(String where, ObjectNode draft, CompiledNode compiled) {
    this.where = where;
    this.draft = draft;
    this.compiled = compiled;
  }

  /** The access log of every scenario's listener. */
  static AccessLog accessLog() {
    JsonNode log = hcmBase().at("/access_log/0");
    return Extensions.read("access log", log.toString(), AccessLog.newBuilder()).build();
  }

  private static ObjectNode hcmBase() {
    ObjectNode hcm = Trees.object(BASE_HCM);
    ((ObjectNode) hcm.at("/access_log/0/typed_config/log_format/text_format_source"))
        .put("inline_string", LogLine.FORMAT);
    return hcm;
  }

  /**
   * The base with a scenario's {@code config} merged onto it.
   *
   * @param compiled takes the place of the base, unless it is empty
   */
  static XdsDraft of(String where, ObjectNode config, CompiledNode compiled) {
    check(where, config);
    ObjectNode base =
        compiled.resources().isEmpty()
            ? Trees.object(
                "listeners: {l: {}}\nclusters: {c: {}}\nendpoints: {c: [a]}\nroute_configs: {r: {}}")
            : JsonNodeFactory.instance.objectNode();
    return new XdsDraft(where, base, compiled).with(config);
  }

  static void check(String where, ObjectNode config) {
    for (var entry : config.properties()) {
      if (!KEYS.contains(entry.getKey())) {
        throw new ScenarioException(
            where
                + ": "
                + entry.getKey()
                + " is not known here (expected: "
                + String.join(", ", KEYS)
                + ")");
      }
    }
  }

  /** The same with a change merged onto it. */
  XdsDraft with(ObjectNode change) {
    ObjectNode spelled = JsonNodeFactory.instance.objectNode();
    change
        .properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              switch (entry.getKey()) {
                case "listener" -> put(spelled, "listeners", "l", value);
                case "hcm" ->
                    put(
                        spelled,
                        "listeners",
                        "l",
                        JsonNodeFactory.instance.objectNode().set("hcm", value));
                case "cluster" -> put(spelled, "clusters", "c", value);
                case "hosts" -> put(spelled, "endpoints", "c", value);
                case "route_config" -> put(spelled, "route_configs", "r", value);
                default -> {
                  JsonNode merged =
                      spelled.has(entry.getKey()) && value.isObject()
                          ? patchUnion(spelled.get(entry.getKey()), value)
                          : value;
                  spelled.set(entry.getKey(), merged);
                }
              }
            });
    return new XdsDraft(where, (ObjectNode) Trees.merge(draft, spelled), compiled);
  }

  private static void put(ObjectNode in, String group, String name, JsonNode value) {
    ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
    wrapped.set(name, value);
    in.set(group, in.has(group) ? patchUnion(in.get(group), wrapped) : wrapped);
  }

  /** Two patches as one; nulls stay, for they delete later. */
  private static JsonNode patchUnion(JsonNode first, JsonNode second) {
    if (!first.isObject() || !second.isObject()) {
      return second;
    }
    ObjectNode all = first.deepCopy();
    second
        .properties()
        .forEach(
            e ->
                all.set(
                    e.getKey(),
                    all.has(e.getKey())
                        ? patchUnion(all.get(e.getKey()), e.getValue())
                        : e.getValue()));
    return all;
  }

  /** The resources, with placeholders filled in. */
  Snapshot build(UnaryOperator<String> placeholders) {
    Snapshot.Builder snapshot = Snapshot.builder();
    each("clusters", (name, patch) -> snapshot.add(cluster(name, patch, placeholders)));
    each("endpoints", (name, hosts) -> snapshot.add(endpoints(name, hosts, placeholders)));
    each("listeners", (name, patch) -> snapshot.add(listener(name, patch, placeholders)));
    each("route_configs", (name, patch) -> snapshot.add(routes(name, patch, placeholders)));
    snapshot.addAll(compiled.resources());
    return snapshot.build();
  }

  /**
   * What there is once it is in force.
   *
   * @param members the gauges that count hosts, with their values
   */
  record InForce(Set<String> listeners, java.util.Map<String, Long> members) {}

  InForce expectations(UnaryOperator<String> placeholders) {
    Snapshot snapshot = build(placeholders);
    java.util.Map<String, Long> members = new java.util.TreeMap<>();
    snapshot
        .resources(heddle.xds.ResourceType.CLUSTER)
        .forEach(
            (name, resource) -> {
              Cluster cluster = (Cluster) resource.message();
              var endpoints = snapshot.resource(heddle.xds.ResourceType.ENDPOINTS, name);
              if (cluster.getType() == Cluster.DiscoveryType.EDS && endpoints.isPresent()) {
                long hosts =
                    ((ClusterLoadAssignment) endpoints.get().message())
                        .getEndpointsList().stream()
                            .mapToLong(locality -> locality.getLbEndpointsCount())
                            .sum();
                members.put("cluster." + name + ".membership_total", hosts);
              }
            });
    return new InForce(snapshot.resources(heddle.xds.ResourceType.LISTENER).keySet(), members);
  }

  private interface Named {
    void take(String name, JsonNode patch);
  }

  private void each(String group, Named taker) {
    draft.path(group).properties().forEach(e -> taker.take(e.getKey(), e.getValue()));
  }

  private Cluster cluster(String name, JsonNode patch, UnaryOperator<String> placeholders) {
    ObjectNode base = Trees.object(BASE_CLUSTER);
    base.put("name", name);
    if (patch.has("type") && !patch.get("type").asText().equals("EDS")) {
      base.remove("eds_cluster_config");
    }
    String json = Trees.mapTexts(Trees.merge(base, patch), placeholders).toString();
    return Extensions.read(where + ": cluster " + name, json, Cluster.newBuilder()).build();
  }

  private ClusterLoadAssignment endpoints(
      String name, JsonNode hosts, UnaryOperator<String> placeholders) {
    JsonNode tree = new HostList(where + ": hosts of " + name).assignment(name, hosts);
    String json = Trees.mapTexts(tree, placeholders).toString();
    return Extensions.read(where + ": hosts of " + name, json, ClusterLoadAssignment.newBuilder())
        .build();
  }

  private Listener listener(String name, JsonNode patch, UnaryOperator<String> placeholders) {
    ObjectNode listener = patch.deepCopy();
    JsonNode hcmPatch = listener.remove("hcm");
    ObjectNode hcm = hcmBase();
    if (!name.equals("l")) {
      hcm.put("stat_prefix", name);
    }
    if (hcmPatch != null && hcmPatch.has("route_config")) {
      hcm.remove("rds");
    }
    ObjectNode merged =
        (ObjectNode)
            Trees.merge(hcm, hcmPatch == null ? JsonNodeFactory.instance.objectNode() : hcmPatch);
    merged.put(
        "@type",
        "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
            + ".HttpConnectionManager");
    ObjectNode base = Trees.object(BASE_LISTENER);
    base.put("name", name).put("stat_prefix", name);
    ObjectNode filter = base.putArray("filter_chains").addObject().putArray("filters").addObject();
    filter.put("name", "envoy.filters.network.http_connection_manager").set("typed_config", merged);
    String json = Trees.mapTexts(Trees.merge(base, listener), placeholders).toString();
    return Extensions.read(where + ": listener " + name, json, Listener.newBuilder()).build();
  }

  private RouteConfiguration routes(
      String name, JsonNode patch, UnaryOperator<String> placeholders) {
    ObjectNode base = JsonNodeFactory.instance.objectNode();
    base.put("name", name);
    base.set("virtual_hosts", name.equals("r") ? vhosts() : JsonNodeFactory.instance.arrayNode());
    String json = Trees.mapTexts(Trees.merge(base, patch), placeholders).toString();
    return Extensions.read(
            where + ": route configuration " + name, json, RouteConfiguration.newBuilder())
        .build();
  }

  private ArrayNode vhosts() {
    if (draft.has("vhosts")) {
      return (ArrayNode) draft.get("vhosts");
    }
    JsonNode routes = draft.get("routes");
    if (routes == null) {
      ObjectNode route = JsonNodeFactory.instance.objectNode();
      route.set("match", draft.has("match") ? draft.get("match") : Trees.object("prefix: /"));
      route.set(
          "route",
          Trees.merge(
              Trees.object("cluster: c"),
              draft.path("route").isObject()
                  ? draft.path("route")
                  : JsonNodeFactory.instance.objectNode()));
      if (route.get("route").has("weighted_clusters") || route.get("route").has("cluster_header")) {
        ((ObjectNode) route.get("route")).remove("cluster");
      }
      routes = JsonNodeFactory.instance.arrayNode().add(route);
    }
    ObjectNode vhost = Trees.object("name: all\ndomains: ['*']");
    vhost.set("routes", routes);
    JsonNode patch = draft.path("vhost");
    return JsonNodeFactory.instance
        .arrayNode()
        .add(patch.isObject() ? Trees.merge(vhost, patch) : vhost);
  }
}
