package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient.Verdict;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners come, change and go while connections are open. */
@Timeout(60)
class ListenerLifeTest {

  private static Listener on(String name, int port) {
    return ProxyBed.listener(name, hcm -> {}).toBuilder()
        .setAddress(ProxyBed.address("127.0.0.1", port))
        .build();
  }

  @Test
  void listenerWhoseAddressIsTakenIsRefusedAndTheOthersServe() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.routes(r -> {});
      var verdict = bed.apply(ResourceType.LISTENER, on("taken", taken.getLocalPort()), on("l", 0));

      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.Rejected.class,
              no ->
                  assertThat(no.message())
                      .startsWith("taken: cannot bind 127.0.0.1:" + taken.getLocalPort())
                      .contains("in use"));
      assertThat(bed.sidecar.ready()).isCompletedExceptionally();
      assertThat(bed.stat("listener_manager.listener_create_failure")).isEqualTo(1);
      bed.awaitStat("listener_manager.lds.update_rejected", 1);
      assertThat(bed.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void listenerThatCannotMoveStaysWhereItIs() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var bed = ProxyBed.forwarding(upstream.port())) {
      assertThat(bed.apply(ResourceType.LISTENER, on("l", taken.getLocalPort())))
          .isInstanceOf(Verdict.Rejected.class);
      assertThat(bed.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void addressOfARemovedListenerIsFreeForAnotherInTheSameUpdate() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = ProxyBed.forwarding(upstream.port())) {
      int port = bed.address().getPort();
      bed.accept(ResourceType.LISTENER, on("other", port));
      assertThat(RawClient.get(bed.sidecar.listening().join().get("other"), "/").body())
          .isEqualTo("ok");
    }
  }

  @Test
  void warmingListenerServesOnceItsRoutesAreThere() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = new ProxyBed()) {
      bed.cluster(c -> {}, upstream.port());
      bed.accept(ResourceType.LISTENER, on("l", 0));
      bed.awaitStat("listener_manager.total_listeners_warming", 1);
      assertThat(bed.sidecar.ready()).isNotDone();
      bed.routes(r -> {});
      bed.sidecar.ready().get(20, TimeUnit.SECONDS);
      assertThat(bed.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void terminatingDoesNotWaitForIdleConnections() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = ProxyBed.forwarding(upstream.port());
        var used = bed.connect();
        var fresh = bed.connect()) {
      assertThat(used.get("/").status()).isEqualTo(200);
      bed.awaitStat("http.p.downstream_cx_active", 2);
      bed.sidecar.terminate(Duration.ofHours(1)).get(20, TimeUnit.SECONDS);
      assertThat(used.closedByPeer()).isTrue();
      assertThat(fresh.closedByPeer()).isTrue();
      assertThat(bed.stat("http.p.downstream_cx_drain_close")).isEqualTo(2);
    }
  }

  @Test
  void terminatingAnswersWhatIsInFlightAndCloses() throws Exception {
    var go = new CountDownLatch(1);
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  if (request.path().equals("/streaming")) {
                    ScriptedUpstream.send(out, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nha");
                    go.await();
                    ScriptedUpstream.send(out, "lf");
                  } else {
                    go.await();
                    ScriptedUpstream.respond(out, 200, "ok");
                  }
                  return true;
                });
        var bed = ProxyBed.forwarding(upstream.port());
        var waiting = bed.connect();
        var streaming = bed.connect();
        var writing = bed.connect()) {
      waiting.send(RawClient.request("GET", "/"));
      streaming.send(RawClient.request("GET", "/streaming"));
      writing.send("GET / HTTP/1.1\r\nho");
      bed.awaitStat("cluster.c.upstream_rq_active", 2);
      bed.awaitStat("http.p.downstream_cx_active", 3);
      assertThat(streaming.line()).isEqualTo("HTTP/1.1 200 OK"); // its head says nothing of close
      var done = bed.sidecar.terminate(Duration.ofHours(1));
      bed.sidecar.listening().join();
      assertThat(done).isNotDone();
      writing.send("st: a\r\n\r\n");
      go.countDown();

      assertThat(waiting.read().header("connection")).isEqualTo("close");
      assertThat(writing.read().header("connection")).isEqualTo("close");
      while (!streaming.line().isEmpty()) {}
      assertThat(streaming.rest()).isEqualTo("half");
      done.get(20, TimeUnit.SECONDS);
      assertThat(bed.stat("http.p.downstream_rq_2xx")).isEqualTo(3);
    }
  }

  @Test
  void changedListenerLetsRequestsInFlightFinish() throws Exception {
    var go = new CountDownLatch(1);
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  if (request.path().equals("/slow")) {
                    go.await();
                  }
                  ScriptedUpstream.respond(out, 200, "ok");
                  return true;
                });
        var bed = ProxyBed.forwarding(upstream.port());
        var before = bed.connect()) {
      before.send(RawClient.request("GET", "/slow"));
      bed.awaitStat("cluster.c.upstream_rq_active", 1);
      bed.listener(hcm -> hcm.setServerName("second"));
      assertThat(bed.get("/").header("server")).isEqualTo("second");
      go.countDown();
      var last = before.read();
      assertThat(last.body()).isEqualTo("ok");
      assertThat(last.header("server")).isEqualTo("envoy");
      assertThat(last.header("connection")).isEqualTo("close");
      assertThat(before.closedByPeer()).isTrue();
      assertThat(bed.stat("listener_manager.listener_modified")).isEqualTo(1);
    }
  }

  @Test
  void removedClusterLetsRequestsInFlightFinishAndAnswersLaterOnesNoCluster() throws Exception {
    var go = new CountDownLatch(1);
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  go.await();
                  ScriptedUpstream.respond(out, 200, "late");
                  return true;
                });
        var bed = ProxyBed.forwarding(upstream.port());
        var before = bed.connect()) {
      before.send(RawClient.request("GET", "/"));
      bed.awaitStat("cluster.c.upstream_rq_active", 1);
      bed.accept(ResourceType.CLUSTER);
      bed.awaitStat("cluster_manager.cluster_removed", 1);
      var refused = bed.get("/");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(bed.awaitLog()).contains("503 NC ");
      go.countDown();
      assertThat(before.read().body()).isEqualTo("late");
      bed.awaitStat("cluster.c.upstream_cx_active", 0);
    }
  }
}
