package heddle.mesh.emit;

import heddle.resource.ResourceKey;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;

/**
 * What one node is served, endpoints excepted. Equal inputs give equal messages, so a content hash
 * is a version.
 *
 * @param nodeId {@code mesh/MESH/virtualNode/NAME} or {@code mesh/MESH/virtualGateway/NAME}
 * @param owner the resource that is the node
 * @param edsClusters the names of the clusters that take their endpoints from EDS
 */
public record NodeConfig(
    String nodeId,
    ResourceKey owner,
    List<Listener> listeners,
    List<RouteConfiguration> routes,
    List<Cluster> clusters,
    List<String> edsClusters) {

  public NodeConfig {
    listeners = List.copyOf(listeners);
    routes = List.copyOf(routes);
    clusters = List.copyOf(clusters);
    edsClusters = List.copyOf(edsClusters);
  }
}
