package heddle.xds.grpc;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import heddle.xds.Deterministic;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.SelfConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.ApiListener;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;

/** Resources in the part of Envoy's language that gRPC's own client understands. */
final class Resources {
  private static final ConfigSource ADS =
      ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()).build();

  private Resources() {}

  /** What {@code xds:///NAME} begins with; its routes have the same name. */
  static Listener listener(String name) {
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setRds(Rds.newBuilder().setConfigSource(ADS).setRouteConfigName(name))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("router")
                    .setTypedConfig(Deterministic.pack(Router.getDefaultInstance())))
            .build();
    return Listener.newBuilder()
        .setName(name)
        .setApiListener(ApiListener.newBuilder().setApiListener(Deterministic.pack(manager)))
        .build();
  }

  static RouteConfiguration routes(String name, RouteAction action) {
    return RouteConfiguration.newBuilder()
        .setName(name)
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName("all")
                .addDomains("*")
                .addRoutes(
                    Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setRoute(action)))
        .build();
  }

  static RouteAction to(String cluster) {
    return RouteAction.newBuilder().setCluster(cluster).build();
  }

  static RouteAction to(String cluster, int weight, String other, int otherWeight) {
    return RouteAction.newBuilder()
        .setWeightedClusters(
            WeightedCluster.newBuilder()
                .addClusters(share(cluster, weight))
                .addClusters(share(other, otherWeight)))
        .build();
  }

  private static WeightedCluster.ClusterWeight share(String cluster, int weight) {
    return WeightedCluster.ClusterWeight.newBuilder()
        .setName(cluster)
        .setWeight(UInt32Value.of(weight))
        .build();
  }

  static RouteAction retried(RouteAction action, int retries) {
    return action.toBuilder()
        .setRetryPolicy(
            RetryPolicy.newBuilder()
                .setRetryOn("unavailable")
                .setNumRetries(UInt32Value.of(retries)))
        .build();
  }

  static Cluster cluster(String name) {
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS))
        .build();
  }

  /** gRPC counts requests only for a cluster whose load it is asked to report. */
  static Cluster maxRequests(Cluster cluster, int requests) {
    return cluster.toBuilder()
        .setLrsServer(ConfigSource.newBuilder().setSelf(SelfConfigSource.getDefaultInstance()))
        .setCircuitBreakers(
            CircuitBreakers.newBuilder()
                .addThresholds(
                    CircuitBreakers.Thresholds.newBuilder()
                        .setMaxRequests(UInt32Value.of(requests))))
        .build();
  }

  static Cluster ejectingByFailurePercentage(Cluster cluster) {
    return ejecting(
        cluster,
        detection()
            .setEnforcingSuccessRate(UInt32Value.of(0))
            .setEnforcingFailurePercentage(UInt32Value.of(100))
            .setFailurePercentageThreshold(UInt32Value.of(50))
            .setFailurePercentageMinimumHosts(UInt32Value.of(2))
            .setFailurePercentageRequestVolume(UInt32Value.of(5)));
  }

  static Cluster ejectingBySuccessRate(Cluster cluster) {
    return ejecting(
        cluster,
        detection()
            .setEnforcingFailurePercentage(UInt32Value.of(0))
            .setEnforcingSuccessRate(UInt32Value.of(100))
            .setSuccessRateStdevFactor(UInt32Value.of(1000))
            .setSuccessRateMinimumHosts(UInt32Value.of(3))
            .setSuccessRateRequestVolume(UInt32Value.of(5)));
  }

  private static OutlierDetection.Builder detection() {
    return OutlierDetection.newBuilder()
        .setInterval(Durations.fromMillis(200))
        .setBaseEjectionTime(Durations.fromSeconds(1))
        .setMaxEjectionTime(Durations.fromSeconds(1))
        .setMaxEjectionPercent(UInt32Value.of(50));
  }

  private static Cluster ejecting(Cluster cluster, OutlierDetection.Builder detection) {
    return cluster.toBuilder().setOutlierDetection(detection).build();
  }

  static ClusterLoadAssignment endpoints(String cluster, Host... hosts) {
    LocalityLbEndpoints.Builder here =
        LocalityLbEndpoints.newBuilder()
            .setLocality(Locality.newBuilder().setZone("here"))
            .setLoadBalancingWeight(UInt32Value.of(1));
    for (Host host : hosts) {
      here.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(
                  Endpoint.newBuilder()
                      .setAddress(
                          Address.newBuilder()
                              .setSocketAddress(
                                  SocketAddress.newBuilder()
                                      .setAddress("127.0.0.1")
                                      .setPortValue(host.port())))));
    }
    return ClusterLoadAssignment.newBuilder().setClusterName(cluster).addEndpoints(here).build();
  }
}
