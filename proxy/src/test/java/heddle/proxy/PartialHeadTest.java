package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request exists, and its time runs, from its first byte on: a head that never ends is cut. */
@Timeout(60)
class PartialHeadTest {

  private static ProxyBed bed(
      ScriptedUpstream upstream, Consumer<HttpConnectionManager.Builder> adjust) throws Exception {
    var bed = new ProxyBed();
    bed.cluster(cluster -> {}, upstream.port());
    bed.routes(route -> {});
    bed.listener(adjust);
    return bed;
  }

  private static RawClient.Response answerTo(ProxyBed bed, String beginning) throws Exception {
    try (var client = bed.connect()) {
      client.send(beginning);
      var response = client.read();
      assertThat(client.closedByPeer()).isTrue();
      return response;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: a\r\n"})
  void requestHeadersTimeoutAnswers408(String beginning) throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = bed(upstream, hcm -> hcm.setRequestHeadersTimeout(ProxyBed.millis(50)))) {
      var response = answerTo(bed, beginning);
      assertThat(response.status()).isEqualTo(408);
      assertThat(response.body()).isEqualTo("request header timeout");
      assertThat(bed.awaitLog()).contains("\"- - HTTP/1.1\" 408 - 0 22 ");
      assertThat(bed.stat("http.p.downstream_rq_header_timeout")).isEqualTo(1);
    }
  }

  @Test
  void streamIdleTimeoutAnswers408() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = bed(upstream, hcm -> hcm.setStreamIdleTimeout(ProxyBed.millis(50)))) {
      assertThat(answerTo(bed, "GET / HTTP/1.1\r\n").body()).isEqualTo("stream timeout");
      assertThat(bed.awaitLog()).contains("\"- - HTTP/1.1\" 408 SI ");
    }
  }

  @Test
  void requestTimeoutAnswers408() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = bed(upstream, hcm -> hcm.setRequestTimeout(ProxyBed.millis(50)))) {
      assertThat(answerTo(bed, "GET / HTTP/1.1\r\n").body()).isEqualTo("request timeout");
      assertThat(bed.stat("http.p.downstream_rq_timeout")).isEqualTo(1);
    }
  }

  @Test
  void headThatComesInPiecesIsAnsweredAndCountedOnce() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = bed(upstream, hcm -> hcm.setRequestHeadersTimeout(ProxyBed.seconds(30)));
        var client = bed.connect()) {
      // The second half of a pipelined request must be waited for like that of a first one.
      client.send(RawClient.request("GET", "/one") + "GET /tw");
      assertThat(client.read().status()).isEqualTo(200);
      bed.awaitStat("http.p.downstream_rq_total", 2);
      client.send("o HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      bed.awaitStat("http.p.downstream_rq_completed", 2);
      assertThat(bed.stat("http.p.downstream_rq_total")).isEqualTo(2);
      assertThat(bed.stat("http.p.downstream_rq_active")).isZero();
    }
  }

  @Test
  void clientThatGoesAwayAmidAHeadIsLogged() throws Exception {
    try (var upstream = ScriptedUpstream.answering(200, "ok");
        var bed = bed(upstream, hcm -> {})) {
      try (var client = bed.connect()) {
        client.send("GET / HT");
        bed.awaitStat("http.p.downstream_rq_active", 1);
      }
      assertThat(bed.awaitLog()).contains("\"- - HTTP/1.1\" 0 DC ");
      assertThat(bed.stat("http.p.downstream_rq_active")).isZero();
    }
  }
}
