package heddle.bench.serving;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/** The messages that configure one hop: everything that comes goes on to one cluster. */
public final class MeshConfig {
  private static final String LOOPBACK = "127.0.0.1";

  private MeshConfig() {}

  /**
   * A whole configuration, which Envoy starts from and {@link Serving} too: one listener, one
   * route, one cluster, the default access log, and an admin interface.
   *
   * @param node names it
   */
  public static Bootstrap hop(String node, int listenPort, int upstreamPort, int adminPort) {
    var out =
        Bootstrap.newBuilder()
            .setNode(Node.newBuilder().setId(node).setCluster("bench"))
            .setAdmin(Admin.newBuilder().setAddress(address(adminPort)));
    out.getStaticResourcesBuilder()
        .addListeners(listener("listener", listenPort, hcm().setRouteConfig(routes("upstream"))))
        .addClusters(cluster("upstream", List.of(upstreamPort)));
    return out.build();
  }

  /** A static cluster of ports of 127.0.0.1. */
  public static Cluster cluster(String name, List<Integer> ports) {
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(endpoints(name, ports))
        .build();
  }

  /** The endpoints of a cluster: ports of 127.0.0.1. */
  public static ClusterLoadAssignment endpoints(String cluster, List<Integer> ports) {
    var locality = LocalityLbEndpoints.newBuilder();
    locality.getLoadBalancingWeightBuilder().setValue(1);
    for (int port : ports) {
      locality.addLbEndpoints(
          LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address(port))));
    }
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(locality)
        .build();
  }

  /** A route table that sends everything to one cluster. */
  public static RouteConfiguration routes(String cluster) {
    return RouteConfiguration.newBuilder()
        .setName("routes")
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName("all")
                .addDomains("*")
                .addRoutes(
                    Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setRoute(RouteAction.newBuilder().setCluster(cluster))))
        .build();
  }

  /** A connection manager with the router and the default access log; still without routes. */
  public static HttpConnectionManager.Builder hcm() {
    return HttpConnectionManager.newBuilder()
        .setStatPrefix("bench")
        .addAccessLog(
            AccessLog.newBuilder()
                .setName("envoy.access_loggers.file")
                .setTypedConfig(
                    Any.pack(FileAccessLog.newBuilder().setPath("/dev/stdout").build())))
        .addHttpFilters(
            HttpFilter.newBuilder()
                .setName("envoy.filters.http.router")
                .setTypedConfig(Any.pack(Router.getDefaultInstance())));
  }

  /** A listener on a port of 127.0.0.1. */
  public static Listener listener(String name, int port, HttpConnectionManager.Builder hcm) {
    return Listener.newBuilder()
        .setName(name)
        .setAddress(address(port))
        .addFilterChains(FilterChain.newBuilder().addFilters(filter(hcm.build())))
        .build();
  }

  private static Filter filter(Message config) {
    return Filter.newBuilder()
        .setName("envoy.filters.network.http_connection_manager")
        .setTypedConfig(Any.pack(config))
        .build();
  }

  private static Address address(int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(LOOPBACK).setPortValue(port))
        .build();
  }
}
