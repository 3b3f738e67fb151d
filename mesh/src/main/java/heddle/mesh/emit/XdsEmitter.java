package heddle.mesh.emit;

import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.Route;
import heddle.mesh.model.Upstream;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns nodes of one model into Envoy v3 messages; equal nodes give equal messages. What nodes
 * share is emitted once. For one thread and one model.
 */
public final class XdsEmitter {

  private final Map<Upstream, Cluster> clusters = new IdentityHashMap<>();
  private final Map<Route, io.envoyproxy.envoy.config.route.v3.Route> routes =
      new IdentityHashMap<>();

  /** Everything that a node is served, endpoints excepted. */
  public NodeConfig emit(ProxyNode node) {
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

  private Cluster cluster(Upstream upstream) {
    return clusters.computeIfAbsent(upstream, ClusterEmitter::emit);
  }

  private io.envoyproxy.envoy.config.route.v3.Route route(Route route) {
    return routes.computeIfAbsent(route, RouteEmitter::route);
  }
}
