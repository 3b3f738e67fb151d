package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A request's way through listener, route, cluster and back, with its traces. */
class ForwardingTest {

  @Test
  void requestReachesTheHostAndItsAnswerTheClient() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "hello");
        var bed = ProxyBed.forwarding(upstream.port())) {
      var response = bed.get("/path?q=1", "user-agent: curl", "X-Custom: a");

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("hello");
      assertThat(response.header("server")).isEqualTo("envoy");
      assertThat(response.header("date")).isNotBlank();
      assertThat(response.header("x-envoy-upstream-service-time")).isNotNull();

      var seen = upstream.requests().getFirst();
      assertThat(seen.line()).isEqualTo("GET /path?q=1 HTTP/1.1");
      assertThat(seen.header("x-custom")).isEqualTo("a");
      assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
      assertThat(seen.header("x-envoy-expected-rq-timeout-ms")).isEqualTo("15000");
      assertThat(seen.header("x-request-id")).matches("[0-9a-f]{8}-[0-9a-f]{4}-4.*");

      assertThat(bed.awaitLog())
          .matches(
              "\\[20..-..-..T..:..:..\\....Z] \"GET /path\\?q=1 HTTP/1.1\" 200 - 0 5 \\d+ \\d+ \"-\""
                  + " \"curl\" \"[0-9a-f-]{36}\" \"test\" \"127.0.0.1:"
                  + upstream.port()
                  + "\"\n");
      bed.awaitStat("cluster.c.upstream_rq_active", 0);
      assertThat(bed.clusterStat("upstream_rq_total")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_200")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_2xx")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_completed")).isEqualTo(1);
      assertThat(bed.stat("http.p.downstream_rq_2xx")).isEqualTo(1);
    }
  }

  @Test
  void headsOfAnySizeAndLatinLettersPassUnchanged() throws Exception {
    String long1 = "a".repeat(50_000);
    String long2 = "b".repeat(60_000);
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.send(
                      out,
                      "HTTP/1.1 200 OK\r\nX-Long: "
                          + long2
                          + "\r\nx_odd: caf\u00e9\r\ncontent-length: 0\r\n\r\n");
                  return true;
                });
        var bed = ProxyBed.forwarding(upstream.port())) {
      for (int i = 0; i < 2; i++) {
        var response = bed.get("/caf%C3%A9", "X-Long: " + long1, "x_odd: na\u00efve", "x-none:");
        assertThat(response.header("x-long")).isEqualTo(long2);
        assertThat(response.header("x_odd")).isEqualTo("caf\u00e9");
        var seen = upstream.requests().getLast();
        assertThat(seen.path()).isEqualTo("/caf%C3%A9");
        assertThat(seen.header("x-long")).isEqualTo(long1);
        assertThat(seen.header("x_odd")).isEqualTo("na\u00efve");
        assertThat(seen.header("x-none")).isEmpty();
      }
    }
  }

  @Test
  void connectionsAreReusedOnBothSides() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = ProxyBed.forwarding(upstream.port());
        var client = bed.connect()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("/" + i).status()).isEqualTo(200);
      }
      assertThat(upstream.connections()).isEqualTo(1);
      assertThat(bed.stat("http.p.downstream_cx_total")).isEqualTo(1);
    }
  }

  @Test
  void bodiesOfBothFramingsArriveWhole() throws Exception {
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.send(
                      out,
                      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                          + Integer.toHexString(request.body().length)
                          + "\r\n");
                  out.write(request.body());
                  ScriptedUpstream.send(out, "\r\n0\r\n\r\n");
                  return true;
                });
        var bed = ProxyBed.forwarding(upstream.port());
        var client = bed.connect()) {
      String body = "x".repeat(300_000);
      client.send(RawClient.request("POST", "/", "content-length: 300000") + body);
      assertThat(client.read().body()).isEqualTo(body);
      client.send(
          RawClient.request("POST", "/", "transfer-encoding: chunked")
              + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
      assertThat(client.read().body()).isEqualTo("hello world");
      assertThat(upstream.requests().get(1).header("transfer-encoding")).isEqualTo("chunked");
    }
  }

  @Test
  void unknownHostsRoutesAndClustersAreToldApart() throws Exception {
    try (var bed = ProxyBed.forwarding(route -> route.setCluster("missing"), cluster -> {})) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).isEmpty();
      assertThat(bed.awaitLog()).contains("503 NC");
      assertThat(bed.stat("http.p.no_cluster")).isEqualTo(1);
    }
  }

  @Test
  void clusterWithoutHostsAnswersNoHealthyUpstream() throws Exception {
    try (var bed = ProxyBed.forwarding()) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("no healthy upstream");
      assertThat(bed.awaitLog()).contains("503 UH");
      assertThat(bed.clusterStat("upstream_cx_none_healthy")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_total")).isZero();
      assertThat(bed.clusterStat("upstream_rq_503")).isEqualTo(1);
    }
  }

  @Test
  void closedPortIsAConnectionFailure() throws Exception {
    int port;
    try (var upstream = ScriptedUpstream.answering(200, "")) {
      port = upstream.port();
    }
    try (var bed = ProxyBed.forwarding(port)) {
      var response = bed.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body())
          .startsWith(
              "upstream connect error or disconnect/reset before headers. reset reason: "
                  + "remote connection failure");
      assertThat(bed.awaitLog()).contains("503 UF");
      assertThat(bed.clusterStat("upstream_cx_connect_fail")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_pending_total")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_pending_failure_eject")).isEqualTo(1);
      assertThat(bed.clusterStat("upstream_rq_total")).isZero();
      assertThat(bed.clusterStat("upstream_rq_completed")).isEqualTo(1);
    }
  }
}
