package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages that two parsers may read differently. A request of that kind is answered 400 and the
 * connection closes: nothing behind it is ever read as a request.
 */
@Timeout(60)
class SmugglingTest {
  private static final String NEXT = "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n";

  private ScriptedUpstream upstream;
  private ProxyBed bed;

  @BeforeEach
  void start() throws Exception {
    upstream = ScriptedUpstream.answering(200, "ok");
    bed = ProxyBed.forwarding(upstream.port());
  }

  @AfterEach
  void stop() throws Exception {
    bed.close();
    upstream.close();
  }

  static List<String> ambiguousHeads() {
    return List.of(
        // two lengths
        "content-length: 0\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 0",
        "content-length: 0\r\ncontent-length: 5",
        "content-length: 5\r\ncontent-length: 5\r\ncontent-length: 6",
        "content-length: 0, 5",
        // lengths that are no number
        "content-length: -1",
        "content-length: +5",
        "content-length: 0x5",
        "content-length: 5 5",
        "content-length: ",
        "content-length: 99999999999999999999",
        // encodings
        // folded lines
        "x: a\r\n b",
        "x: a\r\n\tb",
        "transfer-encoding:\r\n chunked",
        // names and values
        "transfer-encoding : chunked",
        "content-length\t: 5",
        ": empty",
        "na me: x",
        "na\u0000me: x",
        "no-colon",
        "x: a\u0000b",
        "x: a\rb",
        "host: b");
  }

  @ParameterizedTest
  @MethodSource("ambiguousHeads")
  void ambiguousHeadIsRefused(String lines) throws Exception {
    refused("POST / HTTP/1.1\r\nhost: a\r\n" + lines + "\r\n\r\n" + NEXT, 400);
  }

  static List<String> malformedLines() {
    return List.of(
        "G ET / HTTP/1.1",
        "GET  HTTP/1.1",
        "GET / HTTP/1.1 x",
        "GET / HTTQ/1.1",
        " GET / HTTP/1.1",
        "GET / http/1.1",
        "GET / HTTP/1.10",
        "get / HTTP/1.1",
        "BREW / HTTP/1.1",
        "GET first HTTP/1.1",
        "GET * HTTP/1.1",
        "GET ftp://a/ HTTP/1.1",
        "GET http:///first HTTP/1.1",
        "CONNECT /first HTTP/1.1",
        "GET /caf\u00e9 HTTP/1.1",
        "GET /\u0001 HTTP/1.1",
        "G\u0000T / HTTP/1.1",
        "(GET) / HTTP/1.1");
  }

  @ParameterizedTest
  @MethodSource("malformedLines")
  void malformedRequestLineIsRefused(String line) throws Exception {
    refused(line + "\r\nhost: a\r\n\r\n" + NEXT, 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.0", "GET / HTTP/2.0", "GET /"})
  void otherVersionIsToldToUpgrade(String line) throws Exception {
    refused(line + "\r\nhost: a\r\n\r\n" + NEXT, 426);
  }

  static List<String> badChunks() {
    return List.of(
        "zz\r\nabc\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "+1\r\na\r\n0\r\n\r\n",
        "0x1\r\na\r\n0\r\n\r\n",
        "1 1\r\na\r\n0\r\n\r\n",
        "\r\n0\r\n\r\n",
        "fffffffffffffffff\r\na\r\n0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "1\r\na0\r\n\r\n",
        "1\na\n0\n\n");
  }

  @ParameterizedTest
  @MethodSource("badChunks")
  void badChunkEndsTheRequest(String body) throws Exception {
    refused("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" + body + NEXT, 400);
  }

  static List<String> unknownEncodings() {
    return List.of(
        "gzip, chunked",
        "identity",
        "chunked, gzip",
        "xchunked",
        "chunked, chunked",
        "chunked\r\ntransfer-encoding: chunked",
        "chunked\r\ntransfer-encoding: identity");
  }

  @ParameterizedTest
  @MethodSource("unknownEncodings")
  void otherEncodingsAre501(String encoding) throws Exception {
    refused(
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: " + encoding + "\r\n\r\n" + NEXT, 501);
  }

  private void refused(String bytes, int status) throws Exception {
    try (var client = bed.connect()) {
      client.send(bytes);
      assertThat(client.read().status()).isEqualTo(status);
      assertThat(client.closedByPeer()).isTrue();
    }
    assertThat(bed.awaitLog()).contains(" DPE ");
    assertThat(upstream.requests()).noneMatch(r -> r.path().equals("/smuggled"));
    assertThat(bed.stat("http.p.downstream_rq_total")).isEqualTo(1);
  }

  @Test
  void whatIsOnlyUnusualPasses() throws Exception {
    for (String message :
        List.of(
            "POST / HTTP/1.1\r\nHOST: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n1;x=y\r\na\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 01\r\n\r\na",
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: y\r\n\r\n",
            "GET / HTTP/1.1\r\nhost:a\r\nx:\r\n\r\n",
            "GET / HTTP/1.1\r\nhost:\r\n\r\n",
            "GET https://user@b/ HTTP/1.1\r\nhost: a\r\n\r\n",
            "PURGE / HTTP/1.1\r\nhost: a\r\n\r\n")) {
      try (var client = bed.connect()) {
        assertThat(client.send(message).read().status()).as(message).isEqualTo(200);
        assertThat(client.get("/next").status()).as(message).isEqualTo(200);
      }
    }
  }
}
