package heddle.mesh.emit;

import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.Route;
import heddle.mesh.model.RouteTable;
import heddle.mesh.model.Upstream;
import heddle.mesh.model.VirtualHost;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Turns nodes of one model into Envoy v3 messages; equal nodes give equal messages. What nodes
 * share is emitted once, and what was emitted for an earlier model is taken over. For one thread
 * and one model.
 */
public final class XdsEmitter {

  private final Emitted before;
  private final Map<String, Emitted.Node> nodes = new LinkedHashMap<>();
  private final Map<Upstream, Cluster> clusters = new IdentityHashMap<>();
  private final Map<Route, io.envoyproxy.envoy.config.route.v3.Route> routes =
      new IdentityHashMap<>();

  /**
   * What was emitted for a model.
   *
   * @param nodes by id, in the order of the model
   * @param clusters by identity
   * @param routes by identity
   */
  public record Emitted(
      Map<String, Node> nodes,
      Map<Upstream, Cluster> clusters,
      Map<Route, io.envoyproxy.envoy.config.route.v3.Route> routes) {
    /** For no model. */
    public static final Emitted NOTHING = new Emitted(Map.of(), Map.of(), Map.of());

    /** One node, and what it is served. */
    public record Node(ProxyNode model, NodeConfig config) {}
  }

  /** An emitter that takes over what it can; the messages are equal to those without that. */
  public XdsEmitter(Emitted before) {
    this.before = before;
  }

  /** Everything that a node is served, endpoints excepted. */
  public NodeConfig emit(ProxyNode node) {
    Emitted.Node known = before.nodes().get(node.id());
    Emitted.Node now =
        known != null && (known.model() == node || known.model().equals(node))
            ? known
            : new Emitted.Node(node, config(node));
    nodes.put(node.id(), now);
    keepParts(now.model());
    return now.config();
  }

  private NodeConfig config(ProxyNode node) {
    List<String> eds =
        node.upstreams().stream()
            .filter(upstream -> upstream.discovery() instanceof Upstream.Discovery.Pods)
            .map(Upstream::name)
            .toList();
    return new NodeConfig(
        node.id(),
        node.owner(),
        node.listeners().stream().map(ListenerEmitter::emit).toList(),
        node.routeTables().stream().map(table -> RouteEmitter.emit(table, this::route)).toList(),
        node.upstreams().stream().map(this::cluster).toList(),
        eds);
  }

  /** Parts of a node that is taken over may be parts of one that is not. */
  private void keepParts(ProxyNode node) {
    node.upstreams().forEach(this::cluster);
    for (RouteTable table : node.routeTables()) {
      for (VirtualHost host : table.virtualHosts()) {
        host.routes().forEach(this::route);
      }
    }
  }

  private Cluster cluster(Upstream upstream) {
    return part(upstream, clusters, before.clusters(), ClusterEmitter::emit);
  }

  private io.envoyproxy.envoy.config.route.v3.Route route(Route route) {
    return part(route, routes, before.routes(), RouteEmitter::route);
  }

  private static <K, V> V part(K key, Map<K, V> now, Map<K, V> before, Function<K, V> emit) {
    V message = now.get(key);
    if (message == null) {
      V known = before.get(key);
      message = known == null ? emit.apply(key) : known;
      now.put(key, message);
    }
    return message;
  }

  /** All of it, for the next model's emitter. */
  public Emitted emitted() {
    return new Emitted(
        Collections.unmodifiableMap(nodes),
        Collections.unmodifiableMap(clusters),
        Collections.unmodifiableMap(routes));
  }
}
