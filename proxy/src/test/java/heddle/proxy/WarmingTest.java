package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster serves when its hosts are known and checked, and not before. */
@Timeout(60)
class WarmingTest {
  private static final String WARMING = "cluster_manager.warming_clusters";

  private static Cluster named(String name, com.google.protobuf.Duration fetchTimeout) {
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder()
                .setEdsConfig(ProxyBed.ads().toBuilder().setInitialFetchTimeout(fetchTimeout)))
        .build();
  }

  private static void routeTo(ProxyBed bed, String cluster) {
    bed.accept(
        ResourceType.ROUTES,
        ProxyBed.table(
            Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster(cluster))
                .build()));
  }

  @Test
  void newClusterIsUnknownUntilItsEndpointsAreThere() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = ProxyBed.forwarding(upstream.port())) {
      bed.accept(
          ResourceType.CLUSTER, named("d", ProxyBed.seconds(0)), named("c", ProxyBed.seconds(15)));
      routeTo(bed, "d");
      assertThat(bed.get("/").status()).isEqualTo(503);
      assertThat(bed.awaitLog()).contains("503 NC ");
      assertThat(bed.stat(WARMING)).isEqualTo(1);

      bed.accept(ResourceType.ENDPOINTS, ProxyBed.assignment("d", upstream.port()));
      assertThat(bed.get("/").status()).isEqualTo(200);
      assertThat(bed.stat(WARMING)).isZero();
    }
  }

  @Test
  void clusterWhoseEndpointsDoNotComeServesWithoutAny() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = ProxyBed.forwarding(upstream.port())) {
      bed.accept(ResourceType.CLUSTER, named("d", ProxyBed.millis(1)));
      bed.awaitStat(WARMING, 0);
      routeTo(bed, "d");
      assertThat(bed.get("/").body()).isEqualTo("no healthy upstream");
    }
  }

  @Test
  void changedClusterIsServedByTheOldOneUntilItsHostsWereChecked() throws Exception {
    var checked = new CountDownLatch(1);
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  if (request.path().equals("/health")) {
                    checked.await();
                  }
                  ScriptedUpstream.respond(out, 200, "ok");
                  return true;
                });
        var bed = ProxyBed.forwarding(upstream.port())) {
      bed.cluster(WarmingTest::checkedAtHealth, upstream.port());
      assertThat(bed.stat(WARMING)).isEqualTo(1);
      assertThat(bed.get("/").status()).isEqualTo(200);
      assertThat(bed.clusterStat("lb_healthy_panic")).isZero();

      checked.countDown();
      bed.awaitStat(WARMING, 0);
      assertThat(bed.get("/").status()).isEqualTo(200);
      assertThat(bed.clusterStat("health_check.healthy")).isEqualTo(1);
    }
  }

  private static void checkedAtHealth(Cluster.Builder cluster) {
    cluster.addHealthChecks(
        HealthCheck.newBuilder()
            .setTimeout(ProxyBed.seconds(30))
            .setInterval(ProxyBed.seconds(30))
            .setUnhealthyThreshold(ProxyBed.number(1))
            .setHealthyThreshold(ProxyBed.number(1))
            .setHttpHealthCheck(HealthCheck.HttpHealthCheck.newBuilder().setPath("/health")));
  }

  @Test
  void firstListenerOpensWhenItsClustersAreWarm() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = new ProxyBed()) {
      bed.accept(ResourceType.CLUSTER, named("c", ProxyBed.seconds(15)));
      bed.routes(route -> {});
      bed.accept(ResourceType.LISTENER, ProxyBed.listener("l", hcm -> {}));
      assertThat(bed.sidecar.ready()).isNotDone();

      bed.endpoints(upstream.port());
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);
      assertThat(bed.get("/").status()).isEqualTo(200);
    }
  }
}
