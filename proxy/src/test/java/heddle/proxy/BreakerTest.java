package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Circuit breakers: what queues, what overflows. */
class BreakerTest {
  private final CountDownLatch hang = new CountDownLatch(1);

  @AfterEach
  void release() {
    hang.countDown();
  }

  private ScriptedUpstream holding() throws Exception {
    return new ScriptedUpstream(
        (request, out) -> {
          hang.await();
          ScriptedUpstream.respond(out, 200, "late");
          return true;
        });
  }

  private static Consumer<Cluster.Builder> limits(
      Consumer<CircuitBreakers.Thresholds.Builder> adjust) {
    var thresholds = CircuitBreakers.Thresholds.newBuilder();
    adjust.accept(thresholds);
    return cluster ->
        cluster.setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(thresholds));
  }

  @Test
  void secondRequestWaitsForTheOnlyConnectionAndTheThirdIsTurnedAway() throws Exception {
    try (var upstream = holding();
        var bed =
            ProxyBed.forwarding(
                r -> {},
                limits(
                    t ->
                        t.setMaxConnections(ProxyBed.number(1))
                            .setMaxPendingRequests(ProxyBed.number(1))),
                upstream.port());
        var first = bed.connect();
        var second = bed.connect()) {
      first.send(RawClient.request("GET", "/1"));
      bed.awaitStat("cluster.c.upstream_rq_active", 1);
      second.send(RawClient.request("GET", "/2"));
      bed.awaitStat("cluster.c.upstream_rq_pending_active", 1);
      assertThat(bed.clusterStat("circuit_breakers.default.cx_open")).isEqualTo(1);
      assertThat(bed.clusterStat("circuit_breakers.default.rq_pending_open")).isEqualTo(1);

      var third = bed.get("/3");
      assertThat(third.status()).isEqualTo(503);
      assertThat(third.header("x-envoy-overloaded")).isEqualTo("true");
      assertThat(third.body())
          .isEqualTo(
              "upstream connect error or disconnect/reset before headers. reset reason: overflow");
      assertThat(bed.awaitLog()).contains("503 UO ");
      assertThat(bed.clusterStat("upstream_cx_overflow")).isPositive();
      assertThat(bed.clusterStat("upstream_rq_pending_overflow")).isEqualTo(1);

      hang.countDown();
      assertThat(first.read().body()).isEqualTo("late");
      assertThat(second.read().body()).isEqualTo("late");
      assertThat(upstream.connections()).isEqualTo(1);
      bed.awaitStat("cluster.c.circuit_breakers.default.rq_pending_open", 0);
    }
  }

  @Test
  void noPendingRequestsAllowedRejectsEvenTheFirst() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "");
        var bed =
            ProxyBed.forwarding(
                r -> r.setRetryPolicy(ProxyBed.retry("5xx,reset", 3)),
                limits(t -> t.setMaxPendingRequests(ProxyBed.number(0))),
                upstream.port())) {
      assertThat(bed.get("/").status()).isEqualTo(503);
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
      assertThat(bed.clusterStat("upstream_rq_503")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_total")).isZero();
    }
  }

  @Test
  void tooManyActiveRequestsOverflow() throws Exception {
    try (var upstream = holding();
        var bed =
            ProxyBed.forwarding(
                r -> {}, limits(t -> t.setMaxRequests(ProxyBed.number(1))), upstream.port());
        var first = bed.connect()) {
      first.send(RawClient.request("GET", "/1"));
      bed.awaitStat("cluster.c.upstream_rq_active", 1);
      assertThat(bed.clusterStat("circuit_breakers.default.rq_open")).isEqualTo(1);
      var second = bed.get("/2");
      assertThat(second.status()).isEqualTo(503);
      assertThat(second.header("x-envoy-overloaded")).isEqualTo("true");
      assertThat(bed.clusterStat("upstream_rq_active_overflow")).isEqualTo(1);
      hang.countDown();
      assertThat(first.read().status()).isEqualTo(200);
    }
  }
}
