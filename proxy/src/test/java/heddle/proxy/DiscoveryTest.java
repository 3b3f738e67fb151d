package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a cluster's hosts come from: names, and where the client wanted to go. */
@Timeout(60)
class DiscoveryTest {

  private static ClusterLoadAssignment named(int port) {
    var assignment = ProxyBed.assignment("c", port).toBuilder();
    assignment
        .getEndpointsBuilder(0)
        .getLbEndpointsBuilder(0)
        .getEndpointBuilder()
        .setAddress(ProxyBed.address("service.example", port));
    return assignment.build();
  }

  private static ProxyBed resolving(
      Cluster.DiscoveryType type, ScriptedDns dns, ScriptedUpstream upstream) throws Exception {
    var bed = new ProxyBed(options -> options.withNameServer(dns.address()));
    bed.cluster(
        cluster ->
            cluster
                .clearEdsClusterConfig()
                .setType(type)
                .setDnsRefreshRate(ProxyBed.millis(10))
                .setDnsLookupFamily(Cluster.DnsLookupFamily.V4_ONLY)
                .setLoadAssignment(named(upstream.port())));
    bed.routes(r -> {});
    bed.listener();
    return bed;
  }

  private static void awaitAnswers(ScriptedDns dns, int more) {
    int from = dns.answers();
    Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> dns.answers() >= from + more);
  }

  @Test
  void everyAddressOfAStrictNameIsAHostAndANameThatFailsKeepsThem() throws Exception {
    try (var upstream = ScriptedUpstream.onEveryAddress(200, "ok");
        var dns = new ScriptedDns("127.0.0.1", "127.0.0.2");
        var bed = resolving(Cluster.DiscoveryType.STRICT_DNS, dns, upstream)) {
      bed.awaitStat("cluster.c.membership_total", 2);
      assertThat(hosts(bed)).isEqualTo(Set.of("127.0.0.1", "127.0.0.2"));

      dns.addresses("127.0.0.2", "127.0.0.3");
      Awaitility.await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> hosts(bed).equals(Set.of("127.0.0.2", "127.0.0.3")));

      dns.addresses();
      awaitAnswers(dns, 3);
      assertThat(bed.clusterStat("update_failure")).isPositive();
      assertThat(hosts(bed)).isEqualTo(Set.of("127.0.0.2", "127.0.0.3"));
    }
  }

  /** The hosts of four requests in a row. */
  private static Set<String> hosts(ProxyBed bed) throws Exception {
    bed.log.clear();
    for (int i = 0; i < 4; i++) {
      assertThat(bed.get("/").status()).isEqualTo(200);
    }
    var hosts = new HashSet<String>();
    for (String line : bed.awaitLog(4)) {
      String quoted = line.substring(line.lastIndexOf('"', line.length() - 3) + 1);
      hosts.add(quoted.substring(0, quoted.indexOf(':')));
    }
    return hosts;
  }

  @Test
  void logicalNameIsOneHostHoweverManyAddressesItHas() throws Exception {
    try (var upstream = ScriptedUpstream.onEveryAddress(200, "ok");
        var dns = new ScriptedDns("127.0.0.1", "127.0.0.2");
        var bed = resolving(Cluster.DiscoveryType.LOGICAL_DNS, dns, upstream)) {
      bed.awaitStat("cluster.c.membership_total", 1);
      assertThat(hosts(bed)).isEqualTo(Set.of("127.0.0.1"));
      dns.addresses("127.0.0.3");
      Awaitility.await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> hosts(bed).equals(Set.of("127.0.0.3")));
      assertThat(bed.clusterStat("membership_total")).isEqualTo(1);
    }
  }

  @Test
  void logicalNameWithTwoEndpointsIsRefused() throws Exception {
    try (var bed = new ProxyBed()) {
      var verdict =
          bed.apply(
              ResourceType.CLUSTER,
              Cluster.newBuilder()
                  .setName("c")
                  .setType(Cluster.DiscoveryType.LOGICAL_DNS)
                  .setLoadAssignment(ProxyBed.assignment("c", 1, 2))
                  .build());
      assertThat(verdict.toString()).contains("LOGICAL_DNS with 2 endpoints (expected: one)");
    }
  }

  /**
   * Without a redirect rule the original destination is the listener itself: the request comes in a
   * second time, from the proxy, and goes on by the second route.
   */
  @Test
  void originalDestinationIsDialled() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "beyond");
        var bed = new ProxyBed()) {
      bed.accept(
          ResourceType.CLUSTER,
          Cluster.newBuilder()
              .setName("original")
              .setType(Cluster.DiscoveryType.ORIGINAL_DST)
              .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED)
              .setConnectTimeout(ProxyBed.seconds(5))
              .build(),
          Cluster.newBuilder()
              .setName("c")
              .setType(Cluster.DiscoveryType.STATIC)
              .setLoadAssignment(ProxyBed.assignment("c", upstream.port()))
              .build());
      bed.accept(ResourceType.ROUTES, ProxyBed.table(secondTime(), firstTime()));
      bed.accept(
          ResourceType.LISTENER,
          ProxyBed.listener("l", hcm -> {}).toBuilder()
              .addListenerFilters(
                  ListenerFilter.newBuilder()
                      .setName("envoy.filters.listener.original_dst")
                      .setTypedConfig(Any.pack(OriginalDst.getDefaultInstance())))
              .build());
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);

      assertThat(bed.get("/").body()).isEqualTo("beyond");
      assertThat(bed.awaitLog(2))
          .anyMatch(line -> line.endsWith("\"127.0.0.1:" + upstream.port() + "\"\n"))
          .anyMatch(line -> line.endsWith("\"127.0.0.1:" + port(bed) + "\"\n"));
      assertThat(bed.stat("cluster.original.upstream_rq_200")).isEqualTo(1);
    }
  }

  private static int port(ProxyBed bed) {
    return bed.sidecar.listening().join().get("l").getPort();
  }

  private static Route firstTime() {
    return Route.newBuilder()
        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
        .setRoute(RouteAction.newBuilder().setCluster("original"))
        .addRequestHeadersToAdd(
            HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey("x-again").setValue("yes")))
        .build();
  }

  private static Route secondTime() {
    return Route.newBuilder()
        .setMatch(
            RouteMatch.newBuilder()
                .setPrefix("/")
                .addHeaders(HeaderMatcher.newBuilder().setName("x-again").setPresentMatch(true)))
        .setRoute(RouteAction.newBuilder().setCluster("c"))
        .build();
  }
}
