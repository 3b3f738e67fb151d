package heddle.cluster.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heddle.cluster.dial.HttpConnection.Header;
import heddle.cluster.dial.HttpConnection.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  private HttpConnection answering(String bytes) {
    return new HttpConnection(
        new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)), sent, () -> {});
  }

  private static String text(Response response) throws IOException {
    return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void readsABodyOfKnownLengthAndLeavesTheNextAnswer() throws IOException {
    var connection =
        answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
                + "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n");
    Response first = connection.receive("GET");
    assertThat(text(first)).isEqualTo("hello");
    assertThat(first.reusable()).isTrue();
    Response second = connection.receive("GET");
    assertThat(second.status()).isEqualTo(204);
    assertThat(second.header("x-a")).contains("b");
  }

  @Test
  void readsChunksWithExtensionsAndTrailers() throws IOException {
    var connection =
        answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n"
                + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    assertThat(text(connection.receive("GET"))).isEqualTo("abc0123456789");
    assertThat(connection.receive("GET").status()).isEqualTo(404);
  }

  @Test
  void readsToTheEndWithoutALengthAndDoesNotReuse() throws IOException {
    Response response = answering("HTTP/1.0 200 OK\r\n\r\nrest").receive("GET");
    assertThat(response.reusable()).isFalse();
    assertThat(text(response)).isEqualTo("rest");
  }

  @Test
  void passesOverInterimAnswersAndGivesHeadNoBody() throws IOException {
    var connection =
        answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    assertThat(text(connection.receive("HEAD"))).isEmpty();
  }

  @Test
  void saysThatABodyWasCutShort() throws IOException {
    Response response =
        answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").receive("GET");
    assertThatThrownBy(() -> response.body().readAllBytes())
        .hasMessageContaining("5 bytes before the body's end");
  }

  @Test
  void refusesToSendWhatWouldEndALine() {
    var connection = answering("");
    assertThatThrownBy(
            () -> connection.head("GET", "/", List.of(new Header("A", "b\r\nEvil: yes"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> connection.head("GET", "/ HTTP/1.1\r\nX: y", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(sent.size()).isZero();
  }

  @Property(tries = 300)
  void anyAnswerIsReadOrRefusedWithAnIoException(
      @ForAll @Size(max = 80) @ByteRange(min = 9, max = 90) byte[] noise) {
    String start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    var connection = answering(start + new String(noise, StandardCharsets.ISO_8859_1));
    try {
      connection.receive("GET").body().readAllBytes();
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }
}
