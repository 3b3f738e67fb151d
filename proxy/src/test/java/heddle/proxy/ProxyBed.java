package heddle.proxy;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import heddle.proxy.socket.Transport;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** A sidecar on free ports, configured by xDS messages. */
final class ProxyBed implements AutoCloseable {
  final List<String> log = new CopyOnWriteArrayList<>();
  final Sidecar sidecar;
  private final ProxyServer server;
  private int version;

  ProxyBed() {
    this(options -> options);
  }

  ProxyBed(UnaryOperator<SidecarOptions> adjust) {
    server = new ProxyServer(1, Thread.ofPlatform().daemon().factory(), Transport.best());
    sidecar =
        server.sidecar(
            adjust.apply(SidecarOptions.of("sidecar~test", log::add, new SplittableRandom(42))));
  }

  /** A sidecar with one listener, one route and one cluster {@code c} of these ports. */
  static ProxyBed forwarding(int... ports) throws Exception {
    return forwarding(route -> {}, cluster -> {}, ports);
  }

  static ProxyBed forwarding(
      Consumer<RouteAction.Builder> route, Consumer<Cluster.Builder> cluster, int... ports)
      throws Exception {
    var bed = new ProxyBed();
    bed.cluster(cluster, ports);
    bed.routes(route);
    bed.listener();
    return bed;
  }

  /** Applies messages; what they change is in force when this returns. */
  AdsClient.Verdict apply(ResourceType type, Message... messages) {
    Map<String, Message> resources = new LinkedHashMap<>();
    for (Message message : messages) {
      resources.put(type.nameOf(message), message);
    }
    var verdict =
        sidecar.apply(new AdsClient.Update(type, "v" + ++version, resources, type.completeSet()));
    sidecar.listening().join(); // answered by the event loop, after it has taken the update over
    return verdict;
  }

  void accept(ResourceType type, Message... messages) {
    Assertions.assertThat(apply(type, messages)).isEqualTo(AdsClient.Verdict.accepted());
  }

  void cluster(Consumer<Cluster.Builder> adjust, int... ports) {
    var cluster =
        Cluster.newBuilder()
            .setName("c")
            .setType(Cluster.DiscoveryType.EDS)
            .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads()))
            .setConnectTimeout(seconds(5));
    adjust.accept(cluster);
    accept(ResourceType.CLUSTER, cluster.build());
    if (cluster.getType() == Cluster.DiscoveryType.EDS) {
      endpoints(ports);
    }
  }

  void endpoints(int... ports) {
    accept(ResourceType.ENDPOINTS, assignment("c", ports));
  }

  static ClusterLoadAssignment assignment(String cluster, int... ports) {
    var locality = LocalityLbEndpoints.newBuilder();
    for (int port : ports) {
      locality.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(Endpoint.newBuilder().setAddress(address("127.0.0.1", port))));
    }
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(locality)
        .build();
  }

  void routes(Consumer<RouteAction.Builder> adjust) {
    var action = RouteAction.newBuilder().setCluster("c");
    adjust.accept(action);
    accept(
        ResourceType.ROUTES,
        table(
            Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(action)
                .build()));
  }

  static RouteConfiguration table(Route... routes) {
    return RouteConfiguration.newBuilder()
        .setName("r")
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName("all")
                .addDomains("*")
                .addAllRoutes(List.of(routes))
                .setIncludeAttemptCountInResponse(true))
        .build();
  }

  void listener() throws Exception {
    listener(hcm -> {});
  }

  void listener(Consumer<HttpConnectionManager.Builder> adjust) throws Exception {
    accept(ResourceType.LISTENER, listener("l", adjust));
    sidecar.ready().get(20, TimeUnit.SECONDS);
  }

  static Listener listener(String name, Consumer<HttpConnectionManager.Builder> adjust) {
    var hcm =
        HttpConnectionManager.newBuilder()
            .setStatPrefix("p")
            .setDelayedCloseTimeout(millis(50)) // nobody here needs Envoy's second
            .setRds(Rds.newBuilder().setConfigSource(ads()).setRouteConfigName("r"))
            .addAccessLog(
                AccessLog.newBuilder()
                    .setName("envoy.access_loggers.file")
                    .setTypedConfig(
                        Any.pack(FileAccessLog.newBuilder().setPath("/dev/stdout").build())))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("envoy.filters.http.router")
                    .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    adjust.accept(hcm);
    return Listener.newBuilder()
        .setName(name)
        .setAddress(address("127.0.0.1", 0))
        .addFilterChains(
            FilterChain.newBuilder()
                .addFilters(
                    Filter.newBuilder()
                        .setName("envoy.filters.network.http_connection_manager")
                        .setTypedConfig(Any.pack(hcm.build()))))
        .build();
  }

  static ConfigSource ads() {
    return ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()).build();
  }

  static Address address(String host, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
        .build();
  }

  static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  static Duration millis(int millis) {
    return Duration.newBuilder().setNanos(millis * 1_000_000).build();
  }

  static UInt32Value number(int value) {
    return UInt32Value.of(value);
  }

  static BoolValue yes() {
    return BoolValue.of(true);
  }

  static RetryPolicy.Builder retry(String on, int retries) {
    return RetryPolicy.newBuilder()
        .setRetryOn(on)
        .setNumRetries(number(retries))
        .setRetryBackOff(
            RetryPolicy.RetryBackOff.newBuilder()
                .setBaseInterval(millis(1))
                .setMaxInterval(millis(1)));
  }

  InetSocketAddress address() throws Exception {
    return sidecar.listening().get(20, TimeUnit.SECONDS).get("l");
  }

  RawClient connect() throws Exception {
    return new RawClient(address());
  }

  RawClient.Response get(String path, String... headers) throws Exception {
    return RawClient.get(address(), path, headers);
  }

  long stat(String name) {
    return sidecar.stats().value(name);
  }

  long clusterStat(String name) {
    return stat("cluster.c." + name);
  }

  /** Waits until a statistic has a value: what follows a response may lag behind it. */
  void awaitStat(String name, long value) {
    Awaitility.await(name)
        .atMost(20, TimeUnit.SECONDS)
        .pollInterval(2, TimeUnit.MILLISECONDS)
        .untilAsserted(() -> Assertions.assertThat(stat(name)).isEqualTo(value));
  }

  String awaitLog() {
    return awaitLog(1).getFirst();
  }

  List<String> awaitLog(int lines) {
    Awaitility.await("access log")
        .atMost(20, TimeUnit.SECONDS)
        .pollInterval(2, TimeUnit.MILLISECONDS)
        .until(() -> log.size() >= lines);
    return new ArrayList<>(log);
  }

  @Override
  public void close() {
    sidecar.close();
    server.close();
    System.gc();
    io.netty.buffer.ByteBufAllocator.DEFAULT.directBuffer(16).release(); // looks for leaks
    Assertions.assertThat(LeakRecorder.LEAKS).as("buffers that were not released").isEmpty();
  }
}
