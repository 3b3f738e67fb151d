package heddle.mesh.emit;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One node as a file that a stock Envoy starts from, without any control plane: route tables stand
 * in their listeners, endpoints in their clusters.
 *
 * @param bootstrap what Envoy reads
 * @param withoutEndpoints clusters whose pods are not known: Envoy answers 503 (UH) for them
 */
public record StaticBootstrap(Bootstrap bootstrap, List<String> withoutEndpoints) {

  private static final int ADMIN_PORT = 9901;

  public StaticBootstrap {
    withoutEndpoints = List.copyOf(withoutEndpoints);
  }

  /**
   * Makes the file of a node.
   *
   * @param endpoints by cluster name; others have none
   */
  public static StaticBootstrap of(NodeConfig node, Map<String, ClusterLoadAssignment> endpoints) {
    Map<String, RouteConfiguration> routes = new HashMap<>();
    node.routes().forEach(table -> routes.put(table.getName(), table));
    Bootstrap.Builder out =
        Bootstrap.newBuilder()
            .setNode(Node.newBuilder().setId(node.nodeId()).setCluster(node.nodeId()))
            .setAdmin(Admin.newBuilder().setAddress(Messages.address("127.0.0.1", ADMIN_PORT)));
    for (Listener listener : node.listeners()) {
      out.getStaticResourcesBuilder().addListeners(withRoutes(listener, routes));
    }
    for (Cluster cluster : node.clusters()) {
      out.getStaticResourcesBuilder().addClusters(withEndpoints(cluster, endpoints));
    }
    List<String> unknown =
        node.edsClusters().stream()
            .filter(name -> assignment(name, endpoints).getEndpointsCount() == 0)
            .toList();
    return new StaticBootstrap(out.build(), unknown);
  }

  private static Listener withRoutes(Listener listener, Map<String, RouteConfiguration> routes) {
    Listener.Builder out = listener.toBuilder();
    for (FilterChain.Builder chain : out.getFilterChainsBuilderList()) {
      for (Filter.Builder filter : chain.getFiltersBuilderList()) {
        if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
          filter.setTypedConfig(withRoutes(filter.getTypedConfig(), routes));
        }
      }
    }
    return out.build();
  }

  private static Any withRoutes(Any packed, Map<String, RouteConfiguration> routes) {
    try {
      HttpConnectionManager manager = packed.unpack(HttpConnectionManager.class);
      RouteConfiguration table = routes.get(manager.getRds().getRouteConfigName());
      if (table == null) {
        throw new IllegalStateException(
            "a listener names the route table "
                + manager.getRds().getRouteConfigName()
                + " (expected: one of "
                + routes.keySet()
                + ")");
      }
      return Messages.any(manager.toBuilder().setRouteConfig(table).build());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a filter that was emitted cannot be read", e);
    }
  }

  private static Cluster withEndpoints(
      Cluster cluster, Map<String, ClusterLoadAssignment> endpoints) {
    return cluster.getType() == Cluster.DiscoveryType.EDS
        ? cluster.toBuilder()
            .setType(Cluster.DiscoveryType.STATIC)
            .clearEdsClusterConfig()
            .setLoadAssignment(assignment(cluster.getName(), endpoints))
            .build()
        : cluster;
  }

  private static ClusterLoadAssignment assignment(
      String cluster, Map<String, ClusterLoadAssignment> endpoints) {
    return endpoints.getOrDefault(
        cluster, ClusterLoadAssignment.newBuilder().setClusterName(cluster).build());
  }
}
