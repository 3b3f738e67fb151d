package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which host gets a request. Chance is seeded, so the numbers are always the same. */
@Timeout(60)
class BalancingTest {
  private final List<ScriptedUpstream> upstreams = new ArrayList<>();
  private ProxyBed bed;

  @BeforeEach
  void start() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      upstreams.add(ScriptedUpstream.answering(200, name));
    }
    bed = new ProxyBed();
  }

  @AfterEach
  void stop() throws Exception {
    bed.close();
    for (var upstream : upstreams) {
      upstream.close();
    }
  }

  private void serve(Consumer<Cluster.Builder> cluster, LocalityLbEndpoints... localities)
      throws Exception {
    bed.cluster(cluster);
    bed.accept(
        ResourceType.ENDPOINTS,
        ClusterLoadAssignment.newBuilder()
            .setClusterName("c")
            .addAllEndpoints(List.of(localities))
            .build());
    bed.routes(r -> {});
    bed.listener();
  }

  private static LocalityLbEndpoints priority(int priority, LbEndpoint... endpoints) {
    return LocalityLbEndpoints.newBuilder()
        .setPriority(priority)
        .addAllLbEndpoints(List.of(endpoints))
        .build();
  }

  private LbEndpoint host(int index, int weight, HealthStatus health) {
    int port = upstreams.get(index).port();
    return LbEndpoint.newBuilder()
        .setEndpoint(Endpoint.newBuilder().setAddress(ProxyBed.address("127.0.0.1", port)))
        .setLoadBalancingWeight(ProxyBed.number(weight))
        .setHealthStatus(health)
        .build();
  }

  private LbEndpoint healthy(int index) {
    return host(index, 1, HealthStatus.HEALTHY);
  }

  private LbEndpoint sick(int index) {
    return host(index, 1, HealthStatus.UNHEALTHY);
  }

  private static void threshold(Cluster.Builder cluster, double percent) {
    cluster.setCommonLbConfig(
        Cluster.CommonLbConfig.newBuilder()
            .setHealthyPanicThreshold(Percent.newBuilder().setValue(percent)));
  }

  /** How many of that many requests each host answered. */
  private Map<String, Integer> answers(int requests) throws Exception {
    var counts = new TreeMap<String, Integer>();
    try (var client = bed.connect()) {
      for (int i = 0; i < requests; i++) {
        counts.merge(client.get("/").body(), 1, Integer::sum);
      }
    }
    return counts;
  }

  @Test
  void roundRobinTakesTurns() throws Exception {
    serve(c -> {}, priority(0, healthy(0), healthy(1), healthy(2)));
    assertThat(answers(30)).isEqualTo(Map.of("a", 10, "b", 10, "c", 10));
  }

  @Test
  void weightsShareTheRequestsSmoothly() throws Exception {
    serve(c -> {}, priority(0, host(0, 3, HealthStatus.HEALTHY), host(1, 1, HealthStatus.HEALTHY)));
    assertThat(answers(4)).hasSize(2); // no block of one host alone
    assertThat(answers(40)).isEqualTo(Map.of("a", 30, "b", 10));
  }

  @Test
  void leastRequestAvoidsTheBusyHost() throws Exception {
    var hold = new CountDownLatch(1);
    try (var busy =
            new ScriptedUpstream(
                (request, out) -> {
                  hold.await();
                  ScriptedUpstream.respond(out, 200, "busy");
                  return true;
                });
        var waiting = waitingAt(busy)) {
      bed.endpoints(busy.port(), upstreams.get(0).port(), upstreams.get(1).port());
      assertThat(answers(20)).containsOnlyKeys("a", "b");
      hold.countDown();
      assertThat(waiting.read().body()).isEqualTo("busy");
    }
  }

  private RawClient waitingAt(ScriptedUpstream busy) throws Exception {
    bed.cluster(
        c ->
            c.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST)
                .setLeastRequestLbConfig(
                    Cluster.LeastRequestLbConfig.newBuilder().setChoiceCount(ProxyBed.number(64))),
        busy.port());
    bed.routes(r -> {});
    bed.listener();
    var client = bed.connect().send(RawClient.request("GET", "/"));
    bed.awaitStat("cluster.c.upstream_rq_active", 1);
    return client;
  }

  @Test
  void leastRequestWithUnequalWeightsFollowsTheWeightsWhenIdle() throws Exception {
    serve(
        c -> c.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST),
        priority(0, host(0, 3, HealthStatus.HEALTHY), host(1, 1, HealthStatus.HEALTHY)));
    assertThat(answers(40).get("a")).isBetween(28, 32);
  }

  @Test
  void randomReachesEveryHost() throws Exception {
    serve(
        c -> c.setLbPolicy(Cluster.LbPolicy.RANDOM),
        priority(0, healthy(0), healthy(1), healthy(2)));
    assertThat(answers(60)).hasSize(3).allSatisfy((host, n) -> assertThat(n).isBetween(8, 32));
  }

  @Test
  void belowThePanicThresholdEveryHostIsUsed() throws Exception {
    serve(c -> {}, priority(0, healthy(0), sick(1), sick(2)));
    assertThat(answers(30)).isEqualTo(Map.of("a", 10, "b", 10, "c", 10));
    assertThat(bed.clusterStat("lb_healthy_panic")).isEqualTo(30);
    assertThat(bed.clusterStat("membership_healthy")).isEqualTo(1);
  }

  @Test
  void exactlyAtThePanicThresholdIsNoPanic() throws Exception {
    serve(c -> {}, priority(0, healthy(0), sick(1)));
    assertThat(answers(10)).isEqualTo(Map.of("a", 10));
    assertThat(bed.clusterStat("lb_healthy_panic")).isZero();
  }

  @Test
  void aThresholdOfZeroNeverPanics() throws Exception {
    serve(c -> threshold(c, 0), priority(0, sick(0), sick(1)));
    assertThat(bed.get("/").body()).isEqualTo("no healthy upstream");
    assertThat(bed.awaitLog()).contains("503 UH ");
  }

  @Test
  void theNextPriorityTakesWhatTheFirstCannot() throws Exception {
    serve(c -> {}, priority(0, healthy(0), healthy(1), sick(2), sick(2)), priority(1, healthy(3)));
    // The two sick endpoints are one address: 2 of 3 healthy make floor(140 * 2 / 3) = 93 percent.
    assertThat(answers(400).get("d")).isBetween(12, 50);
  }

  @Test
  void degradedHostsAreTheLastResort() throws Exception {
    serve(c -> {}, priority(0, host(0, 1, HealthStatus.DEGRADED), sick(1)));
    assertThat(answers(5)).isEqualTo(Map.of("a", 5));
  }

  @Test
  void hostsThatComeAndGoAreFollowed() throws Exception {
    serve(c -> {}, priority(0, healthy(0), healthy(1)));
    assertThat(answers(4)).containsOnlyKeys("a", "b");
    bed.endpoints(upstreams.get(2).port());
    assertThat(answers(4)).isEqualTo(Map.of("c", 4));
    bed.awaitStat("cluster.c.upstream_cx_active", 1);
  }
}
