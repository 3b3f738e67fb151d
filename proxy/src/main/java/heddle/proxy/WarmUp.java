package heddle.proxy;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import heddle.proxy.socket.Transport;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;

/**
 * Sends real requests through a sidecar of its own, whose two listeners on 127.0.0.1 are each
 * other's client and host: what a first request would have to wait for is loaded then.
 */
final class WarmUp {
  private static final int REQUESTS = 100;
  private static final String REQUEST =
      "POST /warm-up HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
          + "4\r\nbody\r\n0\r\n\r\n"
          + "GET /warm-up HTTP/1.1\r\nhost: localhost\r\nuser-agent: heddle\r\n\r\n";
  private static final String ANSWER = "warm enough";

  private final Sidecar sidecar;

  private WarmUp(Sidecar sidecar) {
    this.sidecar = sidecar;
  }

  /** Runs it on an event loop of its own; blocks until it is over. */
  static void run(ThreadFactory threads, Transport transport) throws IOException {
    var options = SidecarOptions.of("warm-up", line -> {}, new SplittableRandom(0));
    try (var server = new ProxyServer(1, threads, transport);
        var sidecar = server.sidecar(options)) {
      new WarmUp(sidecar).run();
    }
  }

  private void run() throws IOException {
    Listener host = listener("host", routes(Route.newBuilder().setDirectResponse(answer())));
    apply(ResourceType.LISTENER, host);
    apply(ResourceType.CLUSTER, cluster(listening("host")));
    var forward =
        RouteAction.newBuilder()
            .setCluster("host")
            .setRetryPolicy(RetryPolicy.newBuilder().setRetryOn("5xx"));
    Listener proxy = listener("proxy", routes(Route.newBuilder().setRoute(forward)));
    apply(ResourceType.LISTENER, host, proxy);
    try (var client = new Socket()) {
      client.connect(listening("proxy"));
      for (int i = 0; i < REQUESTS / 2; i++) {
        client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        awaitAnswer(client.getInputStream());
        awaitAnswer(client.getInputStream());
      }
    }
  }

  private InetSocketAddress listening(String listener) {
    InetSocketAddress address = sidecar.listening().join().get(listener);
    if (address == null) {
      throw new IllegalStateException("warm-up: listener " + listener + " does not listen");
    }
    return address;
  }

  private static void awaitAnswer(InputStream in) throws IOException {
    var seen = new StringBuilder();
    while (seen.indexOf(ANSWER) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("warm-up: the connection ended after: " + seen);
      }
      seen.append((char) next);
    }
  }

  private void apply(ResourceType type, Message... messages) {
    Map<String, Message> resources = new LinkedHashMap<>();
    for (Message message : messages) {
      resources.put(type.nameOf(message), message);
    }
    var verdict = sidecar.apply(new AdsClient.Update(type, "1", resources, type.completeSet()));
    if (verdict instanceof AdsClient.Verdict.Rejected(String why)) {
      throw new IllegalStateException("warm-up: " + why);
    }
  }

  private static DirectResponseAction answer() {
    return DirectResponseAction.newBuilder()
        .setStatus(200)
        .setBody(DataSource.newBuilder().setInlineString(ANSWER))
        .build();
  }

  private static RouteConfiguration routes(Route.Builder route) {
    return RouteConfiguration.newBuilder()
        .setName("warm-up")
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName("all")
                .addDomains("*")
                .addRoutes(route.setMatch(RouteMatch.newBuilder().setPrefix("/"))))
        .build();
  }

  private static Cluster cluster(InetSocketAddress host) {
    var endpoint = Endpoint.newBuilder().setAddress(address(host.getPort()));
    return Cluster.newBuilder()
        .setName("host")
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName("host")
                .addEndpoints(
                    LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint))))
        .setMaxRequestsPerConnection(UInt32Value.of(REQUESTS / 2)) // a connection is made anew
        .build();
  }

  private static Listener listener(String name, RouteConfiguration routes) {
    var log = FileAccessLog.newBuilder().setPath("/dev/stdout").build();
    var hcm =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(name)
            .setRouteConfig(routes)
            .addAccessLog(AccessLog.newBuilder().setTypedConfig(Any.pack(log)))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("envoy.filters.http.router")
                    .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    return Listener.newBuilder()
        .setName(name)
        .setAddress(address(0))
        .addListenerFilters(
            ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.original_dst")
                .setTypedConfig(Any.pack(OriginalDst.getDefaultInstance())))
        .addFilterChains(
            FilterChain.newBuilder()
                .addFilters(Filter.newBuilder().setTypedConfig(Any.pack(hcm.build()))))
        .build();
  }

  private static Address address(int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
        .build();
  }
}
