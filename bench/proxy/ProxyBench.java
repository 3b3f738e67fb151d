import com.google.protobuf.Any;
import com.google.protobuf.Message;
import heddle.proxy.ProxyServer;
import heddle.proxy.SidecarOptions;
import heddle.proxy.socket.Transport;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
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
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The embedded proxy on one event loop: listens on the first port, forwards to the second on
 * 127.0.0.1. Serves until it is killed.
 */
public final class ProxyBench {
  public static void main(String[] args) throws Exception {
    int listen = Integer.parseInt(args[0]);
    int origin = Integer.parseInt(args[1]);
    var server = new ProxyServer(1, Thread.ofPlatform().factory(), Transport.best());
    var sidecar =
        server.sidecar(SidecarOptions.of("bench", line -> {}, new SplittableRandom(1)));
    apply(sidecar, ResourceType.CLUSTER, cluster(origin));
    apply(sidecar, ResourceType.LISTENER, listener(listen));
    sidecar.ready().get(10, TimeUnit.SECONDS);
    System.out.println("serving");
    Thread.currentThread().join();
  }

  private static void apply(heddle.proxy.Sidecar sidecar, ResourceType type, Message message) {
    var verdict =
        sidecar.apply(
            new AdsClient.Update(
                type, "1", Map.of(type.nameOf(message), message), type.completeSet()));
    if (!verdict.equals(AdsClient.Verdict.accepted())) {
      throw new IllegalStateException(verdict.toString());
    }
  }

  private static Cluster cluster(int port) {
    return Cluster.newBuilder()
        .setName("origin")
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName("origin")
                .addEndpoints(
                    LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(
                            LbEndpoint.newBuilder()
                                .setEndpoint(Endpoint.newBuilder().setAddress(address(port))))))
        .build();
  }

  private static Listener listener(int port) {
    var routes =
        RouteConfiguration.newBuilder()
            .setName("r")
            .addVirtualHosts(
                VirtualHost.newBuilder()
                    .setName("all")
                    .addDomains("*")
                    .addRoutes(
                        Route.newBuilder()
                            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                            .setRoute(RouteAction.newBuilder().setCluster("origin"))));
    var hcm =
        HttpConnectionManager.newBuilder()
            .setStatPrefix("bench")
            .setRouteConfig(routes)
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("envoy.filters.http.router")
                    .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    return Listener.newBuilder()
        .setName("bench")
        .setAddress(address(port))
        .addFilterChains(
            FilterChain.newBuilder()
                .addFilters(
                    Filter.newBuilder()
                        .setName("envoy.filters.network.http_connection_manager")
                        .setTypedConfig(Any.pack(hcm.build()))))
        .build();
  }

  private static Address address(int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
        .build();
  }
}
