package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Which failures are retried, how often, and what is counted: Envoy's table. */
class RetryTest {

  /** Reads the request and closes without an answer, the first {@code times} times. */
  private static ScriptedUpstream closing(int times) throws Exception {
    return new ScriptedUpstream(
        (request, out) -> {
          if (request.number() <= times) {
            return false;
          }
          ScriptedUpstream.respond(out, 200, "fine");
          return true;
        });
  }

  private static ProxyBed bed(String on, int retries, int... ports) throws Exception {
    return ProxyBed.forwarding(
        route -> route.setRetryPolicy(ProxyBed.retry(on, retries)), cluster -> {}, ports);
  }

  private static int closedPort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void connectionLostAfterTheRequestIsNotAConnectFailure() throws Exception {
    try (var upstream = closing(1);
        var bed = bed("connect-failure", 1, upstream.port())) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body())
          .isEqualTo(
              "upstream connect error or disconnect/reset before headers. reset reason: "
                  + "connection termination");
      assertThat(bed.awaitLog()).contains("503 UC ");
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
      bed.awaitStat("cluster.c.upstream_cx_destroy_remote_with_active_rq", 1);
    }
  }

  @Test
  void resetIsRetriedWhenTheConnectionIsLost() throws Exception {
    try (var upstream = closing(1);
        var bed = bed("reset", 1, upstream.port())) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("x-envoy-attempt-count")).isEqualTo("2");
      assertThat(bed.clusterStat("upstream_rq_total")).isEqualTo(2);
      assertThat(bed.clusterStat("upstream_rq_retry")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_retry_success")).isEqualTo(1);
    }
  }

  @Test
  void statusListsAndResetBeforeRequestDoNotCoverALostConnection() throws Exception {
    for (String on : new String[] {"retriable-status-codes", "reset-before-request"}) {
      try (var upstream = closing(1);
          var bed =
              ProxyBed.forwarding(
                  route -> route.setRetryPolicy(ProxyBed.retry(on, 1).addRetriableStatusCodes(503)),
                  cluster -> {},
                  upstream.port())) {
        assertThat(bed.get("/").status()).as(on).isEqualTo(503);
        assertThat(bed.clusterStat("upstream_rq_retry")).as(on).isZero();
      }
    }
  }

  @Test
  void refusedHostIsFollowedByAnotherOne() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "b");
        var bed =
            ProxyBed.forwarding(
                route ->
                    route.setRetryPolicy(
                        ProxyBed.retry("connect-failure", 1)
                            .addRetryHostPredicate(
                                RetryPolicy.RetryHostPredicate.newBuilder()
                                    .setName("envoy.retry_host_predicates.previous_hosts"))
                            .setHostSelectionRetryMaxAttempts(5)),
                cluster -> {},
                closedPort(),
                upstream.port())) {
      for (int i = 0; i < 10; i++) {
        assertThat(bed.get("/").status()).isEqualTo(200);
      }
      assertThat(bed.clusterStat("upstream_rq_retry")).isPositive();
      assertThat(bed.clusterStat("upstream_rq_retry_success"))
          .isEqualTo(bed.clusterStat("upstream_rq_retry"));
      assertThat(bed.clusterStat("retry.upstream_rq_completed")).isZero();
    }
  }

  @Test
  void upstreamsOwnAnswerGoesToTheClientWhenRetriesAreUsedUp() throws Exception {
    try (var upstream = ScriptedUpstream.answering(503, "mine");
        var bed = bed("5xx", 2, upstream.port())) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("mine");
      assertThat(bed.awaitLog()).contains("503 URX ");
      assertThat(bed.clusterStat("upstream_rq_total")).isEqualTo(3);
      assertThat(bed.clusterStat("upstream_rq_retry")).isEqualTo(2);
      assertThat(bed.clusterStat("upstream_rq_retry_limit_exceeded")).isEqualTo(1);
      assertThat(bed.clusterStat("retry.upstream_rq_503")).isEqualTo(2);
      assertThat(bed.clusterStat("upstream_rq_503")).isEqualTo(1);
    }
  }

  @Test
  void noRetriesLeftFromTheStartIsSaidToo() throws Exception {
    try (var upstream = ScriptedUpstream.answering(503, "");
        var bed = bed("5xx", 0, upstream.port())) {
      assertThat(bed.get("/").status()).isEqualTo(503);
      assertThat(bed.awaitLog()).contains("503 URX ");
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
      assertThat(bed.clusterStat("upstream_rq_retry_limit_exceeded")).isEqualTo(1);
    }
  }

  @Test
  void gatewayErrorLeaves500Alone() throws Exception {
    try (var upstream = ScriptedUpstream.answering(500, "");
        var bed = bed("gateway-error", 1, upstream.port())) {
      assertThat(bed.get("/").status()).isEqualTo(500);
      assertThat(bed.awaitLog()).contains("500 - ");
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
    }
  }

  @Test
  void anOutcomeThatIsNotRetriableEndsTheRetriesAsASuccess() throws Exception {
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.respond(out, request.number() == 1 ? 503 : 404, "");
                  return true;
                });
        var bed = bed("5xx", 2, upstream.port())) {
      assertThat(bed.get("/").status()).isEqualTo(404);
      assertThat(bed.awaitLog()).contains("404 - ");
      assertThat(bed.clusterStat("upstream_rq_retry_success")).isEqualTo(1);
    }
  }

  @Test
  void theBodyIsSentAgain() throws Exception {
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.respond(out, request.number() == 1 ? 503 : 200, "");
                  return true;
                });
        var bed = bed("5xx", 1, upstream.port());
        var client = bed.connect()) {
      String body = "0123456789".repeat(50_000);
      client.send(RawClient.request("POST", "/", "content-length: 500000") + body);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(upstream.requests()).hasSize(2);
      assertThat(upstream.requests().get(1).body()).isEqualTo(body.getBytes());
    }
  }

  @Test
  void aBodyBeyondTheBufferIsNotRetried() throws Exception {
    try (var upstream = ScriptedUpstream.answering(503, "");
        var bed = bed("5xx", 1, upstream.port());
        var client = bed.connect()) {
      client.send(
          RawClient.request("POST", "/", "content-length: 2097152") + "x".repeat(2_097_152));
      assertThat(client.read().status()).isEqualTo(503);
      assertThat(bed.awaitLog()).contains("503 - ");
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
      assertThat(bed.clusterStat("retry_or_shadow_abandoned")).isEqualTo(1);
      assertThat(upstream.requests().getFirst().body()).hasSize(2_097_152);
    }
  }

  @Test
  void hangingHostIsGivenUpAfterThePerTryTimeout() throws Exception {
    var hang = new CountDownLatch(1);
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  hang.await();
                  return false;
                });
        var bed =
            ProxyBed.forwarding(
                route ->
                    route.setRetryPolicy(
                        ProxyBed.retry("5xx", 1).setPerTryTimeout(ProxyBed.millis(100))),
                cluster -> {},
                upstream.port())) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(504);
      assertThat(response.body()).isEqualTo("upstream request timeout");
      assertThat(bed.awaitLog()).containsAnyOf("504 UT,URX", "504 URX,UT");
      assertThat(bed.clusterStat("upstream_rq_per_try_timeout")).isEqualTo(2);
      assertThat(bed.clusterStat("upstream_rq_timeout")).isZero();
      assertThat(bed.clusterStat("upstream_rq_504")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_retry_limit_exceeded")).isEqualTo(1);
    } finally {
      hang.countDown();
    }
  }

  @Test
  void retriesUnderWayAreLimited() throws Exception {
    try (var upstream = ScriptedUpstream.answering(503, "");
        var bed =
            ProxyBed.forwarding(
                route ->
                    route.setRetryPolicy(
                        RetryPolicy.newBuilder()
                            .setRetryOn("5xx")
                            .setRetryBackOff(
                                RetryPolicy.RetryBackOff.newBuilder()
                                    .setBaseInterval(ProxyBed.seconds(600)))),
                cluster ->
                    cluster.setCircuitBreakers(
                        CircuitBreakers.newBuilder()
                            .addThresholds(
                                CircuitBreakers.Thresholds.newBuilder()
                                    .setMaxRetries(ProxyBed.number(1)))),
                upstream.port());
        var waiting = bed.connect()) {
      waiting.send(RawClient.request("GET", "/waits"));
      bed.awaitStat("cluster.c.circuit_breakers.default.rq_retry_open", 1);

      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.header("x-envoy-overloaded")).isNull();
      assertThat(bed.awaitLog()).contains("503 UO ");
      assertThat(bed.clusterStat("upstream_rq_retry_overflow")).isEqualTo(1);
    }
  }

  @Test
  void endpointsThatAreGoneAtTheRetryMakeNoHealthyUpstream() throws Exception {
    try (var bed = new ProxyBed()) {
      try (var upstream =
          new ScriptedUpstream(
              (request, out) -> {
                bed.endpoints();
                return false;
              })) {
        bed.cluster(cluster -> {}, upstream.port());
        bed.routes(route -> route.setRetryPolicy(ProxyBed.retry("reset", 2)));
        bed.listener();
        var response = bed.get("/");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("no healthy upstream");
        assertThat(bed.awaitLog()).contains("503 UH ");
      }
    }
  }

  @Test
  void endpointsThatChangedMeanwhileServeTheRetry() throws Exception {
    try (var bed = new ProxyBed();
        var fresh = ScriptedUpstream.answering(200, "new")) {
      try (var upstream =
          new ScriptedUpstream(
              (request, out) -> {
                bed.endpoints(fresh.port());
                return false;
              })) {
        bed.cluster(cluster -> {}, upstream.port());
        bed.routes(route -> route.setRetryPolicy(ProxyBed.retry("reset", 1)));
        bed.listener();
        assertThat(bed.get("/").body()).isEqualTo("new");
      }
    }
  }
}
