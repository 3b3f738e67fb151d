package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which timer fires, and what the client sees. */
class TimeoutTest {
  private final CountDownLatch hang = new CountDownLatch(1);

  @AfterEach
  void release() {
    hang.countDown();
  }

  private ScriptedUpstream hanging() throws Exception {
    return new ScriptedUpstream(
        (request, out) -> {
          hang.await();
          return false;
        });
  }

  @Test
  void routeTimeoutAnswers504() throws Exception {
    try (var upstream = hanging();
        var bed =
            ProxyBed.forwarding(
                route -> route.setTimeout(ProxyBed.millis(100)), c -> {}, upstream.port())) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(504);
      assertThat(response.body()).isEqualTo("upstream request timeout");
      assertThat(bed.awaitLog()).contains("504 UT ");
      assertThat(bed.clusterStat("upstream_rq_timeout")).isEqualTo(1);
      bed.awaitStat("cluster.c.upstream_cx_destroy_local_with_active_rq", 1);
    }
  }

  @Test
  void perTryTimeoutBeyondTheRouteTimeoutIsIgnored() throws Exception {
    try (var upstream = hanging();
        var bed =
            ProxyBed.forwarding(
                route ->
                    route
                        .setTimeout(ProxyBed.millis(100))
                        .setRetryPolicy(
                            ProxyBed.retry("5xx", 1).setPerTryTimeout(ProxyBed.millis(100))),
                c -> {},
                upstream.port())) {
      assertThat(bed.get("/").status()).isEqualTo(504);
      assertThat(bed.clusterStat("upstream_rq_timeout")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
    }
  }

  @Test
  void routeTimeoutDuringBackOffChargesNoAttempt() throws Exception {
    try (var upstream = ScriptedUpstream.answering(503, "");
        var bed =
            ProxyBed.forwarding(
                route ->
                    route
                        .setTimeout(ProxyBed.millis(200))
                        .setRetryPolicy(
                            RetryPolicy.newBuilder()
                                .setRetryOn("5xx")
                                .setRetryBackOff(
                                    RetryPolicy.RetryBackOff.newBuilder()
                                        .setBaseInterval(ProxyBed.seconds(60_000)))),
                c -> {},
                upstream.port())) {
      assertThat(bed.get("/").status()).isEqualTo(504);
      assertThat(bed.awaitLog()).contains("504 UT ");
      assertThat(bed.clusterStat("upstream_rq_timeout")).isZero();
    }
  }

  @Test
  void timeoutAfterTheHeadTruncatesTheBody() throws Exception {
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.send(out, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                  hang.await();
                  return false;
                });
        var bed =
            ProxyBed.forwarding(
                route ->
                    route.setTimeout(ProxyBed.millis(200)).setRetryPolicy(ProxyBed.retry("5xx", 3)),
                c -> {},
                upstream.port())) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.complete()).isFalse();
      assertThat(bed.awaitLog()).contains("200 UT ");
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
    }
  }

  @Test
  void streamIdleTimeoutBeforeTheEndOfTheRequestIs408() throws Exception {
    try (var upstream = hanging();
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.routes(r -> {});
      bed.listener(hcm -> hcm.setStreamIdleTimeout(ProxyBed.millis(100)));
      try (var client = bed.connect()) {
        client.send(RawClient.request("POST", "/", "content-length: 10") + "half");
        var response = client.read();
        assertThat(response.status()).isEqualTo(408);
        assertThat(response.body()).isEqualTo("stream timeout");
        assertThat(bed.awaitLog()).contains("408 SI ");
      }
    }
  }

  @Test
  void clientThatGoesAwayIsLoggedAndItsAttemptReset() throws Exception {
    try (var upstream = hanging();
        var bed = ProxyBed.forwarding(upstream.port())) {
      try (var client = bed.connect()) {
        client.send(RawClient.request("GET", "/"));
        bed.awaitStat("cluster.c.upstream_rq_total", 1);
      }
      assertThat(bed.awaitLog()).contains("\" 0 DC ");
      bed.awaitStat("cluster.c.upstream_cx_destroy_local_with_active_rq", 1);
    }
  }
}
