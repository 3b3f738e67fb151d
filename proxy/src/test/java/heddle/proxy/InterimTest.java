package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interim responses, expectations, and final ones without a body: nobody loses step. */
@Timeout(60)
class InterimTest {
  private ScriptedUpstream upstream;
  private ProxyBed bed;

  @BeforeEach
  void start() throws Exception {
    upstream =
        new ScriptedUpstream((request, out) -> answer(request.line().split(" ")[0], request, out));
    bed =
        ProxyBed.forwarding(
            route -> route.setRetryPolicy(ProxyBed.retry("reset", 2)), c -> {}, upstream.port());
  }

  private static boolean answer(String method, ScriptedUpstream.Request request, OutputStream out)
      throws Exception {
    switch (request.path()) {
      case "/interim" -> {
        ScriptedUpstream.send(out, "HTTP/1.1 100 Continue\r\n\r\n");
        ScriptedUpstream.send(out, "HTTP/1.1 102 Processing\r\nx-step: 1\r\n\r\n");
        ScriptedUpstream.send(out, "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
        ScriptedUpstream.send(out, "HTTP/1.1 199 Odd\r\n\r\n");
        ScriptedUpstream.respond(out, 200, method.equals("HEAD") ? "" : "final");
      }
      case "/hint-and-die" -> {
        ScriptedUpstream.send(out, "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
        return false;
      }
      case "/switch" -> {
        ScriptedUpstream.send(out, "HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n");
        return false;
      }
      case "/head-chunked" ->
          ScriptedUpstream.send(out, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      case "/204-with-length" ->
          ScriptedUpstream.send(out, "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n");
      case "/304-with-etag" ->
          ScriptedUpstream.send(out, "HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n");
      default -> ScriptedUpstream.respond(out, 200, "ok");
    }
    return true;
  }

  @AfterEach
  void stop() throws Exception {
    bed.close();
    upstream.close();
  }

  @Test
  void interimResponsesStayAtTheProxyAndTheFirstIsCounted() throws Exception {
    try (var client = bed.connect()) {
      client.send(RawClient.request("GET", "/interim"));
      var last = client.read();
      assertThat(last.status()).isEqualTo(200);
      assertThat(bed.clusterStat("upstream_rq_1xx")).isOne();
      assertThat(last.body()).isEqualTo("final");
      assertThat(client.get("/").body()).isEqualTo("ok");
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void afterAnInterimResponseNothingIsRetried() throws Exception {
    try (var client = bed.connect()) {
      client.send(RawClient.request("GET", "/hint-and-die"));
      assertThat(client.read().status()).isEqualTo(503);
      assertThat(bed.clusterStat("upstream_rq_retry")).isZero();
    }
  }

  @Test
  void switchOfProtocolsThatNobodyAskedForIsAnAnswerWithoutBody() throws Exception {
    var response = bed.connect().send(RawClient.request("GET", "/switch")).read(true);
    assertThat(response.status()).isEqualTo(101);
    assertThat(response.headers()).doesNotContainKey("upgrade");
  }

  @Test
  void headIsAnsweredWithoutBodyHoweverTheUpstreamFramesIt() throws Exception {
    try (var client = bed.connect()) {
      var chunked = client.send(RawClient.request("HEAD", "/head-chunked")).read(true);
      assertThat(chunked.header("transfer-encoding")).isEqualTo("chunked");
      client.send(RawClient.request("HEAD", "/interim"));
      assertThat(client.read(true).status()).isEqualTo(200);
      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void localRepliesToHeadHaveALengthAndNoBody() throws Exception {
    try (var client = bed.connect()) {
      bed.endpoints();
      var reply = client.send(RawClient.request("HEAD", "/")).read(true);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("content-length")).isEqualTo("19"); // "no healthy upstream"
      bed.endpoints(upstream.port());
      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void noContentAndNotModifiedCarryNoFraming() throws Exception {
    try (var client = bed.connect()) {
      var none = client.get("/204-with-length");
      assertThat(none.headers()).doesNotContainKeys("content-length", "transfer-encoding");
      var same = client.get("/304-with-etag");
      assertThat(same.header("etag")).isEqualTo("\"x\"");
      assertThat(same.headers()).doesNotContainKeys("content-length", "transfer-encoding");
      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void expectationIsMetEvenWhereTheAnswerIsARefusal() throws Exception {
    bed.accept(heddle.xds.ResourceType.ROUTES, ProxyBed.table());
    try (var client = bed.connect()) {
      client.send(RawClient.request("POST", "/", "content-length: 2", "expect: 100-continue"));
      assertThat(client.read().status()).isEqualTo(100);
      var refusal = client.read();
      assertThat(refusal.status()).isEqualTo(404);
      assertThat(refusal.header("connection")).isEqualTo("close"); // the body is not awaited
    }
  }

  @Test
  void expectationsOfOtherKindsAreTheUpstreamsBusiness() throws Exception {
    assertThat(bed.get("/", "expect: miracles").status()).isEqualTo(200);
    assertThat(upstream.requests().getFirst().header("expect")).isEqualTo("miracles");
  }

  @Test
  void answerBeforeTheEndOfTheRequestClosesBothConnections() throws Exception {
    try (var early =
            new ScriptedUpstream(
                (request, out) -> {
                  ScriptedUpstream.respond(out, 200, "early");
                  return true;
                },
                false);
        var client = bed.connect()) {
      bed.endpoints(early.port());
      client.send(RawClient.request("POST", "/", "content-length: 10") + "half");
      var response = client.read();
      assertThat(response.body()).isEqualTo("early");
      assertThat(response.header("connection")).isEqualTo("close");
      bed.awaitStat("cluster.c.upstream_cx_active", 0);
      assertThat(bed.stat("http.p.downstream_rq_response_before_rq_complete")).isEqualTo(1);
    }
  }
}
