package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/1.1 framing: what is refused, and how messages without bodies travel. */
class FramingTest {
  private ScriptedUpstream upstream;
  private ProxyBed bed;

  @BeforeEach
  void start() throws Exception {
    upstream =
        new ScriptedUpstream(
            (request, out) -> {
              switch (request.path()) {
                case "/204" -> ScriptedUpstream.send(out, "HTTP/1.1 204 No Content\r\n\r\n");
                case "/304" ->
                    ScriptedUpstream.send(
                        out, "HTTP/1.1 304 Not Modified\r\ncontent-length: 100\r\n\r\n");
                case "/until-close" -> {
                  ScriptedUpstream.send(out, "HTTP/1.1 200 OK\r\n\r\nto the end");
                  return false;
                }
                case "/both" -> {
                  ScriptedUpstream.send(
                      out,
                      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n"
                          + "0\r\n\r\n");
                  return false;
                }
                default -> {
                  if (request.line().startsWith("HEAD")) {
                    ScriptedUpstream.send(out, "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n");
                  } else {
                    ScriptedUpstream.respond(out, 200, "ok");
                  }
                }
              }
              return true;
            });
    bed = ProxyBed.forwarding(upstream.port());
  }

  @AfterEach
  void stop() throws Exception {
    bed.close();
    upstream.close();
  }

  @Test
  void bytesBehindAResponseDoNotAnswerTheNextRequest() throws Exception {
    try (var upstream =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.send(
                      out,
                      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
                          + (request.path().equals("/first") ? "HTTP/1.1 200 OK" : ""));
                  return true;
                });
        var bed = ProxyBed.forwarding(upstream.port());
        var client = bed.connect()) {
      client.send(RawClient.request("GET", "/first") + RawClient.request("GET", "/second"));
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().body()).isEqualTo("ok");
      bed.awaitStat("cluster.c.upstream_cx_total", 2);
    }
  }

  @Test
  void framingIsToldBehindTheOtherHeaders() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = ProxyBed.forwarding(upstream.port());
        var client = bed.connect()) {
      assertThat(client.send(RawClient.request("POST", "/")).read().status()).isEqualTo(200);
      assertThat(upstream.requests().getLast().header("content-length")).isEqualTo("0");
      assertThat(client.send(RawClient.request("DELETE", "/")).read().status()).isEqualTo(200);
      assertThat(upstream.requests().getLast().header("content-length")).isNull();
    }
  }

  @Test
  void ambiguousAndMalformedRequestsAreRefusedAndTheConnectionCloses() throws Exception {
    var vectors =
        Map.of(
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n",
            400,
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
            501,
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n"
                + "transfer-encoding: identity\r\n\r\n",
            501,
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
            400,
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
            400,
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +1\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\nhost: a\r\nbad header: x\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\nhost : a\r\n\r\n",
            400);
    for (var vector : vectors.entrySet()) {
      try (var client = bed.connect()) {
        client.send(vector.getKey() + "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n");
        assertThat(client.read().status()).as(vector.getKey()).isEqualTo(vector.getValue());
        assertThat(client.closedByPeer()).as(vector.getKey()).isTrue();
      }
    }
    assertThat(upstream.requests()).isEmpty();
    assertThat(bed.awaitLog(vectors.size())).allMatch(line -> line.contains(" DPE "));
    assertThat(bed.stat("http.p.downstream_cx_protocol_error")).isEqualTo(vectors.size());
  }

  @Test
  void badChunkSizeEndsTheRequest() throws Exception {
    try (var client = bed.connect()) {
      client.send(RawClient.request("POST", "/", "transfer-encoding: chunked") + "zz\r\nabc\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.closedByPeer()).isTrue();
    }
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void headersBeyondTheLimitsAre431() throws Exception {
    try (var client = bed.connect()) {
      client.send(RawClient.request("GET", "/", "big: " + "x".repeat(61 * 1024)));
      assertThat(client.read().status()).isEqualTo(431);
    }
    try (var client = bed.connect()) {
      String[] many = new String[101];
      for (int i = 0; i < many.length; i++) {
        many[i] = "h" + i + ": x";
      }
      client.send(RawClient.request("GET", "/", many));
      assertThat(client.read().status()).isEqualTo(431);
    }
  }

  @Test
  void oldVersionsMissingHostsAndUpgradesNobodyConfiguredAreRefused() throws Exception {
    try (var client = bed.connect()) {
      assertThat(client.send("GET / HTTP/1.0\r\nhost: a\r\n\r\n").read().status()).isEqualTo(426);
    }
    try (var client = bed.connect()) {
      assertThat(client.send("GET / HTTP/1.1\r\n\r\n").read().status()).isEqualTo(400);
    }
    try (var client = bed.connect()) {
      assertThat(client.get("/", "connection: upgrade", "upgrade: websocket").status())
          .isEqualTo(403);
      assertThat(client.closedByPeer()).isTrue();
      assertThat(bed.stat("http.p.downstream_rq_ws_on_non_ws_route")).isEqualTo(1);
    }
  }

  @Test
  void answersWithoutBodyLeaveTheConnectionInStep() throws Exception {
    try (var client = bed.connect()) {
      var head = client.send(RawClient.request("HEAD", "/")).read(true);
      assertThat(head.header("content-length")).isEqualTo("12");
      assertThat(client.get("/204").status()).isEqualTo(204);
      assertThat(client.get("/304").status()).isEqualTo(304);
      assertThat(client.get("/").body()).isEqualTo("ok");
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void bodyUntilCloseBecomesChunked() throws Exception {
    try (var client = bed.connect()) {
      var response = client.get("/until-close");
      assertThat(response.header("transfer-encoding")).isEqualTo("chunked");
      assertThat(response.body()).isEqualTo("to the end");
      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void upstreamThatBreaksHttpIsA502() throws Exception {
    var response = bed.get("/both");
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.body()).endsWith("reset reason: protocol error");
    assertThat(bed.awaitLog()).contains("502 UPE ");
    assertThat(bed.clusterStat("upstream_cx_protocol_error")).isEqualTo(1);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (var client = bed.connect()) {
      client.send(
          RawClient.request("GET", "/204")
              + RawClient.request("POST", "/", "content-length: 3")
              + "abc"
              + RawClient.request("GET", "/until-close"));
      assertThat(client.read().status()).isEqualTo(204);
      assertThat(client.read().body()).isEqualTo("ok");
      assertThat(client.read().body()).isEqualTo("to the end");
    }
  }

  @Test
  void aPipelinedRequestsHeadGoesOnBeforeItsBodyHasCome() throws Exception {
    try (var atTheHead =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.respond(out, 200, request.line());
                  return true;
                },
                false);
        var proxy = ProxyBed.forwarding(atTheHead.port());
        var client = proxy.connect()) {
      client.send(
          RawClient.request("GET", "/first")
              + RawClient.request("POST", "/second", "content-length: 3"));
      assertThat(client.read().body()).isEqualTo("GET /first HTTP/1.1");
      assertThat(client.read().body()).isEqualTo("POST /second HTTP/1.1");
    }
  }

  @Test
  void expectationIsMetByTheProxy() throws Exception {
    try (var client = bed.connect()) {
      client.send(RawClient.request("POST", "/", "content-length: 2", "expect: 100-continue"));
      assertThat(client.read().status()).isEqualTo(100);
      client.send("hi");
      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(upstream.requests().getFirst().header("expect")).isNull();
    bed.awaitStat("http.p.downstream_rq_completed", 2);
    assertThat(bed.stat("http.p.downstream_rq_1xx")).isEqualTo(1);
  }

  @Test
  void controlHeadersOfStrangersAreIgnoredAndHopByHopHeadersStay() throws Exception {
    bed.get(
        "/",
        "x-envoy-retry-on: 5xx",
        "x-envoy-upstream-rq-timeout-ms: 1",
        "connection: keep-alive, x-secret",
        "x-secret: 1",
        "keep-alive: 5",
        "te: trailers, deflate");
    var seen = upstream.requests().getFirst().headers();
    assertThat(seen).doesNotContainKeys("x-envoy-retry-on", "x-envoy-upstream-rq-timeout-ms");
    assertThat(seen).doesNotContainKeys("connection", "x-secret", "keep-alive");
    assertThat(seen).containsEntry("te", "trailers");
  }
}
