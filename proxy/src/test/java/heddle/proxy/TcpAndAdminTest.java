package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCP proxying, filter chains by server name, upgrades, health checks, DNS and the admin pages. */
@Timeout(60)
class TcpAndAdminTest {

  private static FilterChain tcp(String cluster, String... serverNames) {
    var match = FilterChainMatch.newBuilder();
    for (String name : serverNames) {
      match.addServerNames(name);
    }
    return FilterChain.newBuilder()
        .setFilterChainMatch(match)
        .addFilters(
            Filter.newBuilder()
                .setName("envoy.filters.network.tcp_proxy")
                .setTypedConfig(
                    Any.pack(TcpProxy.newBuilder().setStatPrefix("t").setCluster(cluster).build())))
        .build();
  }

  private static Listener.Builder listener(FilterChain... chains) {
    var listener = Listener.newBuilder().setName("l").setAddress(ProxyBed.address("127.0.0.1", 0));
    for (var chain : chains) {
      listener.addFilterChains(chain);
    }
    return listener;
  }

  /** Echoes what it reads until the client is done writing, then says goodbye. */
  private static ServerSocket echo() throws Exception {
    var server = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual()
        .start(
            () -> {
              while (true) {
                try (var socket = server.accept()) {
                  socket.getInputStream().transferTo(socket.getOutputStream());
                  socket.getOutputStream().write("bye".getBytes(StandardCharsets.UTF_8));
                } catch (java.io.IOException closed) {
                  return;
                }
              }
            });
    return server;
  }

  @Test
  void bytesPassBothWaysAndHalfCloseIsKept() throws Exception {
    try (var server = echo();
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, server.getLocalPort());
      bed.accept(ResourceType.LISTENER, listener(tcp("c")).build());
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);
      try (var client = bed.connect()) {
        client.send("hello");
        client.socket().shutdownOutput();
        assertThat(client.rest()).isEqualTo("hellobye");
      }
      bed.awaitStat("cluster.c.upstream_cx_active", 0);
      assertThat(bed.stat("tcp.t.downstream_cx_rx_bytes_total")).isEqualTo(5);
      assertThat(bed.stat("tcp.t.downstream_cx_tx_bytes_total")).isEqualTo(8);
    }
  }

  @Test
  void serverNameChoosesTheChainAndBytesStayUntouched() throws Exception {
    try (var amazon = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, amazon.getLocalPort());
      bed.accept(
          ResourceType.LISTENER,
          listener(tcp("c", "*.amazonaws.com"))
              .addListenerFilters(
                  ListenerFilter.newBuilder()
                      .setName("envoy.filters.listener.tls_inspector")
                      .setTypedConfig(Any.pack(TlsInspector.getDefaultInstance())))
              .build());
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);
      try (var client = bed.connect()) {
        var tls =
            (SSLSocket)
                ((SSLSocketFactory) SSLSocketFactory.getDefault())
                    .createSocket(client.socket(), "sts.amazonaws.com", 443, false);
        var parameters = tls.getSSLParameters();
        parameters.setServerNames(java.util.List.of(new SNIHostName("sts.amazonaws.com")));
        tls.setSSLParameters(parameters);
        var handshake =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        tls.startHandshake();
                      } catch (java.io.IOException expected) {
                        // nobody answers the handshake
                      }
                    });
        try (var accepted = amazon.accept()) {
          assertThat(accepted.getInputStream().readNBytes(1)).containsExactly(22);
        }
        handshake.join();
      }
      try (var plain = bed.connect()) {
        plain.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
        assertThat(plain.closedByPeer()).isTrue();
      }
    }
  }

  @Test
  void webSocketUpgradeBecomesAPipe() throws Exception {
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  assertThat(request.header("upgrade")).isEqualTo("websocket");
                  ScriptedUpstream.send(
                      out,
                      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n"
                          + "upgrade: websocket\r\n\r\nfirst");
                  return true;
                });
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.routes(r -> {});
      bed.listener(
          hcm ->
              hcm.addUpgradeConfigs(
                  HttpConnectionManager.UpgradeConfig.newBuilder().setUpgradeType("websocket")));
      try (var client = bed.connect()) {
        var response = client.get("/", "connection: Upgrade", "upgrade: websocket");
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.header("upgrade")).isEqualTo("websocket");
        assertThat(client.raw(5)).isEqualTo("first");
      }
      bed.awaitStat("cluster.c.upstream_rq_active", 0);
      assertThat(bed.awaitLog()).contains("\" 101 ");
    }
  }

  @Test
  void hostThatFailsItsHealthCheckGetsNoTraffic() throws Exception {
    var answers = new AtomicInteger(200);
    try (var sick =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.respond(out, request.path().equals("/health") ? 503 : 200, "s");
                  return true;
                });
        var well =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.respond(out, answers.get(), "w");
                  return true;
                });
        var bed =
            ProxyBed.forwarding(
                r -> {},
                cluster ->
                    cluster.addHealthChecks(
                        HealthCheck.newBuilder()
                            .setInterval(ProxyBed.seconds(60))
                            .setTimeout(ProxyBed.seconds(10))
                            .setHealthyThreshold(ProxyBed.number(2))
                            .setUnhealthyThreshold(ProxyBed.number(2))
                            .setHttpHealthCheck(
                                HealthCheck.HttpHealthCheck.newBuilder().setPath("/health"))),
                sick.port(),
                well.port())) {
      bed.awaitStat("cluster.c.health_check.success", 1);
      bed.awaitStat("cluster.c.health_check.failure", 1);
      for (int i = 0; i < 6; i++) {
        assertThat(bed.get("/").body()).isEqualTo("w");
      }
      assertThat(well.requests().getFirst().header("user-agent")).isEqualTo("Envoy/HC");
      assertThat(well.requests().getFirst().header("host")).isEqualTo("c");
    }
  }

  @Test
  void namesAreResolved() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "dns");
        var bed = new ProxyBed()) {
      bed.cluster(
          cluster ->
              cluster
                  .clearEdsClusterConfig()
                  .setType(Cluster.DiscoveryType.STRICT_DNS)
                  .setLoadAssignment(localhost(upstream.port())));
      bed.routes(r -> {});
      bed.listener();
      bed.awaitStat("cluster.c.membership_total", 1);
      assertThat(bed.get("/").body()).isEqualTo("dns");
    }
  }

  private static io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment localhost(int port) {
    var assignment = ProxyBed.assignment("c", port).toBuilder();
    assignment
        .getEndpointsBuilder(0)
        .getLbEndpointsBuilder(0)
        .getEndpointBuilder()
        .setAddress(ProxyBed.address("localhost", port));
    return assignment.build();
  }

  @Test
  void adminShowsWhatEnvoyShows() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "");
        var bed =
            new ProxyBed(
                o -> o.withAdmin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
      var admin = bed.sidecar.adminAddress().get(20, TimeUnit.SECONDS);
      assertThat(RawClient.get(admin, "/ready").status()).isEqualTo(503);
      bed.cluster(c -> {}, upstream.port());
      bed.routes(r -> {});
      bed.listener();
      assertThat(bed.get("/").status()).isEqualTo(200);
      bed.awaitStat("cluster.c.upstream_rq_active", 0);

      assertThat(RawClientAdmin.get(admin, "/ready").body()).isEqualTo("LIVE\n");
      assertThat(RawClientAdmin.get(admin, "/stats?filter=upstream_rq_2xx").body())
          .contains("cluster.c.upstream_rq_2xx: 1\n");
      assertThat(RawClientAdmin.get(admin, "/stats/prometheus").body())
          .contains(
              "# TYPE envoy_cluster_upstream_rq_xx counter\n"
                  + "envoy_cluster_upstream_rq_xx{envoy_response_code_class=\"2\","
                  + "envoy_cluster_name=\"c\"} 1\n")
          .contains(
              "envoy_http_downstream_rq_xx{envoy_response_code_class=\"2\","
                  + "envoy_http_conn_manager_prefix=\"p\"} 1\n")
          .contains(
              "envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name=\"c\",le=\"+Inf\"} 1");
      assertThat(RawClientAdmin.get(admin, "/clusters").body())
          .contains("c::127.0.0.1:" + upstream.port() + "::rq_total::1\n")
          .contains("c::127.0.0.1:" + upstream.port() + "::health_flags::healthy\n");
      assertThat(RawClientAdmin.get(admin, "/listeners").body()).startsWith("l::127.0.0.1:");
      assertThat(RawClientAdmin.get(admin, "/config_dump?include_eds").body())
          .contains("\"dynamic_active_clusters\"")
          .contains("envoy.filters.http.router")
          .doesNotContain("\"error\"");
      assertThat(RawClientAdmin.get(admin, "/server_info").body()).contains("\"state\": \"LIVE\"");
      assertThat(RawClientAdmin.get(admin, "/reset_counters").status()).isEqualTo(405);
      assertThat(RawClientAdmin.post(admin, "/reset_counters").status()).isEqualTo(200);
      assertThat(bed.clusterStat("upstream_rq_2xx")).isZero();
      assertThat(RawClientAdmin.post(admin, "/healthcheck/fail").status()).isEqualTo(200);
      assertThat(bed.get("/").header("connection")).isEqualTo("close");
    }
  }

  @Test
  void unsupportedFieldsAreRefusedByNameAndTheRestIsApplied() throws Exception {
    try (var bed = new ProxyBed()) {
      var verdict =
          bed.apply(
              ResourceType.CLUSTER,
              Cluster.newBuilder().setName("good").setType(Cluster.DiscoveryType.STATIC).build(),
              Cluster.newBuilder()
                  .setName("bad")
                  .setLbPolicy(Cluster.LbPolicy.MAGLEV)
                  .setMaglevLbConfig(Cluster.MaglevLbConfig.getDefaultInstance())
                  .build());
      assertThat(verdict)
          .isEqualTo(AdsClient.Verdict.rejected("bad: maglev_lb_config is not supported"));
      bed.awaitStat("cluster_manager.active_clusters", 1);
      assertThat(bed.stat("cluster_manager.cds.update_rejected")).isEqualTo(1);
    }
  }

  /** Admin responses name their headers as Netty does; read them in lower case. */
  private static final class RawClientAdmin {
    static RawClient.Response get(InetSocketAddress to, String path) throws Exception {
      return RawClient.get(to, path);
    }

    static RawClient.Response post(InetSocketAddress to, String path) throws Exception {
      try (var client = new RawClient(to)) {
        return client.send(RawClient.request("POST", path, "content-length: 0")).read();
      }
    }
  }
}
