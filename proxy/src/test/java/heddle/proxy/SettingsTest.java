package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient.Verdict;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A setting has its effect, or is refused by its name. */
@Timeout(60)
class SettingsTest {

  private static HeaderValueOption header(String key, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(key).setValue(value))
        .build();
  }

  private static Route route(UnaryOperator<Route.Builder> adjust) {
    return adjust
        .apply(
            Route.newBuilder()
                .setName("one")
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster("c")))
        .build();
  }

  private static void refused(ProxyBed bed, ResourceType type, Message message, String why) {
    assertThat(bed.apply(type, message))
        .isInstanceOfSatisfying(
            Verdict.Rejected.class, verdict -> assertThat(verdict.message()).contains(why));
  }

  @Test
  void headerValuesMayHoldOperatorsAndWhatIsMissingIsLeftOut() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = ProxyBed.forwarding(upstream.port())) {
      bed.accept(
          ResourceType.ROUTES,
          ProxyBed.table(
              route(
                  r ->
                      r.addRequestHeadersToAdd(header("x-copy", "got %REQ(x-in)%"))
                          .addRequestHeadersToAdd(header("x-none", "%REQ(x-absent)%"))
                          .addRequestHeadersToAdd(header("x-percent", "100%%"))
                          .addResponseHeadersToAdd(header("x-host", "%UPSTREAM_HOST%"))
                          .addResponseHeadersToAdd(header("x-local", "%UPSTREAM_LOCAL_ADDRESS%"))
                          .addResponseHeadersToAdd(header("x-code", "%RESPONSE_CODE_DETAILS%")))));
      var response = bed.get("/", "x-in: this");
      var seen = upstream.requests().getFirst();
      assertThat(seen.header("x-copy")).isEqualTo("got this");
      assertThat(seen.headers()).doesNotContainKey("x-none");
      assertThat(seen.header("x-percent")).isEqualTo("100%");
      assertThat(response.header("x-host")).isEqualTo("127.0.0.1:" + upstream.port());
      assertThat(response.header("x-local")).startsWith("127.0.0.1:");
      assertThat(response.header("x-code")).isEqualTo("via_upstream");
    }
  }

  @Test
  void unknownOperatorsInHeaderValuesAreRefusedOnEveryLevel() throws Exception {
    try (var bed = new ProxyBed()) {
      var bad = header("x-a", "%NOT_AN_OPERATOR%");
      refused(
          bed,
          ResourceType.ROUTES,
          ProxyBed.table(route(r -> r.addRequestHeadersToAdd(bad))),
          "route one request_headers_to_add x-a: operator %NOT_AN_OPERATOR% is not supported");
      refused(
          bed,
          ResourceType.ROUTES,
          ProxyBed.table(route(r -> r.addResponseHeadersToAdd(header("x-a", "50%")))),
          "response_headers_to_add x-a: format: no operator at '%'");
      refused(
          bed,
          ResourceType.ROUTES,
          ProxyBed.table(route(r -> r)).toBuilder().addResponseHeadersToAdd(bad).build(),
          "r response_headers_to_add x-a");
      var share = WeightedCluster.ClusterWeight.newBuilder().setName("c").setWeight(number(1));
      refused(
          bed,
          ResourceType.ROUTES,
          ProxyBed.table(
              route(
                  r ->
                      r.setRoute(
                          RouteAction.newBuilder()
                              .setWeightedClusters(
                                  WeightedCluster.newBuilder()
                                      .addClusters(share.addRequestHeadersToAdd(bad)))))),
          "cluster c request_headers_to_add x-a");
    }
  }

  private static com.google.protobuf.UInt32Value number(int value) {
    return ProxyBed.number(value);
  }

  @Test
  void settingsWithoutAnEffectHereAreRefusedByName() throws Exception {
    try (var bed = new ProxyBed()) {
      var listener = ProxyBed.listener("l", hcm -> {});
      refused(
          bed,
          ResourceType.LISTENER,
          listener.toBuilder().setBindToPort(BoolValue.of(false)).build(),
          "bind_to_port is not supported");
      refused(
          bed,
          ResourceType.LISTENER,
          listener.toBuilder().setUseOriginalDst(BoolValue.of(true)).build(),
          "use_original_dst is not supported");
      refused(bed, ResourceType.LISTENER, udp(listener), "has protocol UDP (expected: TCP)");
      var file = PathConfigSource.newBuilder().setPath("/routes.yaml");
      refused(
          bed,
          ResourceType.LISTENER,
          ProxyBed.listener(
              "l",
              hcm ->
                  hcm.setRds(
                      Rds.newBuilder()
                          .setRouteConfigName("r")
                          .setConfigSource(ConfigSource.newBuilder().setPathConfigSource(file)))),
          "path_config_source is not supported");
      refused(
          bed,
          ResourceType.CLUSTER,
          Cluster.newBuilder()
              .setName("c")
              .setCommonLbConfig(
                  Cluster.CommonLbConfig.newBuilder().setCloseConnectionsOnHostSetChange(true))
              .build(),
          "common_lb_config.close_connections_on_host_set_change is not supported");
      refused(
          bed,
          ResourceType.CLUSTER,
          Cluster.newBuilder()
              .setName("c")
              .setCommonHttpProtocolOptions(
                  HttpProtocolOptions.newBuilder().setMaxHeadersCount(number(5)))
              .build(),
          "max_headers_count is not supported for upstreams");
    }
  }

  private static Listener udp(Listener listener) {
    var address = ProxyBed.address("127.0.0.1", 0).toBuilder();
    address.getSocketAddressBuilder().setProtocol(SocketAddress.Protocol.UDP);
    return listener.toBuilder().setAddress(address).build();
  }

  @Test
  void connectionEndsAfterItsMostRequests() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.routes(r -> {});
      bed.listener(
          hcm ->
              hcm.setCommonHttpProtocolOptions(
                  HttpProtocolOptions.newBuilder().setMaxRequestsPerConnection(number(2))));
      try (var client = bed.connect()) {
        assertThat(client.get("/").header("connection")).isNull();
        assertThat(client.get("/").header("connection")).isEqualTo("close");
        assertThat(client.closedByPeer()).isTrue();
      }
      assertThat(bed.stat("http.p.downstream_cx_max_requests_reached")).isEqualTo(1);
    }
  }

  @Test
  void idleConnectionAnswersLateRequestsWithinTheDrainTimeout() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.routes(r -> {});
      bed.listener(
          hcm ->
              hcm.setDrainTimeout(ProxyBed.seconds(3600))
                  .setCommonHttpProtocolOptions(
                      HttpProtocolOptions.newBuilder().setIdleTimeout(ProxyBed.millis(20))));
      try (var client = bed.connect()) {
        bed.awaitStat("http.p.downstream_cx_idle_timeout", 1);
        for (int i = 0; i < 2; i++) {
          var late = client.get("/");
          assertThat(late.status()).isEqualTo(200);
          assertThat(late.header("connection")).isEqualTo("close");
        }
      }
    }
  }

  @Test
  void idleConnectionClosesAfterTheDrainTimeout() throws Exception {
    try (var bed = new ProxyBed()) {
      bed.cluster(c -> {}, 1);
      bed.routes(r -> {});
      bed.listener(
          hcm ->
              hcm.setDrainTimeout(ProxyBed.millis(20))
                  .setCommonHttpProtocolOptions(
                      HttpProtocolOptions.newBuilder().setIdleTimeout(ProxyBed.millis(20))));
      try (var client = bed.connect()) {
        assertThat(client.closedByPeer()).isTrue();
        assertThat(bed.stat("http.p.downstream_cx_idle_timeout")).isEqualTo(1);
      }
    }
  }

  @Test
  void delayedCloseTimeoutIsHowLongAnUnfinishedUploadIsListenedTo() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.accept(ResourceType.ROUTES, ProxyBed.table());
      bed.listener(hcm -> hcm.setDelayedCloseTimeout(ProxyBed.seconds(3600)));
      try (var client = bed.connect()) {
        client.send(RawClient.request("POST", "/", "content-length: 10") + "half");
        assertThat(client.read().status()).isEqualTo(404);
        client.send("x"); // read and dropped
        assertThat(bed.stat("http.p.downstream_cx_active")).isEqualTo(1);
      }
      bed.awaitStat("http.p.downstream_cx_active", 0);
    }
  }

  @Test
  void bufferLimitBoundsWhatIsKeptForARetry() throws Exception {
    try (var upstream = ScriptedUpstream.answering(503, "");
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.routes(route -> route.setRetryPolicy(ProxyBed.retry("5xx", 1)));
      bed.accept(
          ResourceType.LISTENER,
          ProxyBed.listener("l", hcm -> {}).toBuilder()
              .setPerConnectionBufferLimitBytes(number(1000))
              .build());
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);
      try (var client = bed.connect()) {
        client.send(RawClient.request("POST", "/", "content-length: 2000") + "x".repeat(2000));
        assertThat(client.read().status()).isEqualTo(503);
      }
      assertThat(bed.clusterStat("retry_or_shadow_abandoned")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
    }
  }

  @Test
  void bufferLimitBoundsWhatIsReadForASlowClient() throws Exception {
    var written = new CountDownLatch(1);
    int size = 64 * 1024 * 1024;
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.send(
                      out, "HTTP/1.1 200 OK\r\ncontent-length: " + size + "\r\n\r\n");
                  byte[] piece = new byte[1024 * 1024];
                  for (int i = 0; i < size / piece.length; i++) {
                    out.write(piece);
                  }
                  written.countDown();
                  return true;
                });
        var bed = new ProxyBed()) {
      bed.cluster(c -> c.setPerConnectionBufferLimitBytes(number(16_384)), upstream.port());
      bed.routes(r -> {});
      bed.accept(
          ResourceType.LISTENER,
          ProxyBed.listener("l", hcm -> {}).toBuilder()
              .setPerConnectionBufferLimitBytes(number(16_384))
              .build());
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);
      try (var client = bed.connect()) {
        client.send(RawClient.request("GET", "/"));
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(bed.clusterStat("upstream_cx_rx_bytes_total")).isLessThan(size);
        assertThat(written.getCount()).isEqualTo(1);
        while (!client.line().isEmpty()) {}
        assertThat(client.skip(size)).isEqualTo(size);
      }
    }
  }

  @Test
  void listenerServesWithoutRoutesAfterTheInitialFetchTimeout() throws Exception {
    try (var bed = new ProxyBed()) {
      bed.listener(
          hcm ->
              hcm.setRds(
                  Rds.newBuilder()
                      .setRouteConfigName("r")
                      .setConfigSource(
                          ProxyBed.ads().toBuilder().setInitialFetchTimeout(ProxyBed.millis(20)))));
      assertThat(bed.get("/").status()).isEqualTo(404);
      assertThat(bed.awaitLog()).contains("404 NR ");
    }
  }

  @Test
  void statPrefixNamesTheListenersStatistics() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.routes(r -> {});
      bed.accept(
          ResourceType.LISTENER,
          ProxyBed.listener("l", hcm -> {}).toBuilder().setStatPrefix("front").build());
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);
      bed.get("/");
      assertThat(bed.stat("listener.front.downstream_cx_total")).isEqualTo(1);
    }
  }
}
