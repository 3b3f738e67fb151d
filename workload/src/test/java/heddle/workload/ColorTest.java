package heddle.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The front and its color service together. */
class ColorTest {
  private static final Log LOG =
      new Log(Clock.systemUTC(), new PrintStream(OutputStream.nullOutputStream()));
  private static final String HOST = "937069b8-396f-490e-857f-de1c4dd6fbab";

  private ColorApp color;
  private FrontApp front;
  private Http http;

  @BeforeEach
  void start() throws IOException {
    color = new ColorApp(Http.anyPort(), HOST, LOG);
    front = new FrontApp(Http.anyPort(), "127.0.0.1:" + color.port(), LOG);
    http = Http.to(front.port());
  }

  @AfterEach
  void stop() {
    http.close();
    front.stop();
    color.stop();
  }

  @Test
  void colorNamesItsHost() throws Exception {
    try (var direct = Http.to(color.port())) {
      var answer = direct.get("/get");

      assertThat(answer.body()).isEqualTo("purple");
      assertThat(answer.headers().firstValue("HostUID")).contains(HOST);
    }
  }

  @Test
  void frontAnswersSevenBytesOfPurple() throws Exception {
    var answer = http.get("/color/get");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("purple\n");
    assertThat(answer.headers().firstValue("content-length")).contains("7");
    assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(answer.headers().firstValue("HostUID")).isEmpty();
  }

  @Test
  void faultMakesGetAnswer500UntilRecover() throws Exception {
    assertThat(http.get("/color/fault").body())
        .isEqualTo("host: `" + HOST + "` will now respond with 500 on /get.\n");
    assertThat(http.get("/color/get").statusCode()).isEqualTo(500);
    assertThat(http.get("/color/recover").body())
        .isEqualTo("host: `" + HOST + "` will now respond with 200 on /get.\n");
    assertThat(http.get("/color/get").statusCode()).isEqualTo(200);
  }

  @Test
  void statsCountAnswersPerHostAndResetForgetsThem() throws Exception {
    http.get("/color/get");
    http.get("/color/get");
    http.get("/color/fault");
    http.get("/color/get");

    assertThat(http.get("/stats").body())
        .isEqualTo(
            "[{\"HostUID\":\"%s\",\"Counter\":{\"StatusOk\":2,\"StatusError\":1,\"Total\":3}}]\n"
                .formatted(HOST));
    assertThat(http.get("/reset_stats").body()).isEqualTo("stats cleared.\n");
    assertThat(http.get("/stats").body()).isEqualTo("[]\n");
  }

  @Test
  void countsEveryOneOfManyConcurrentRequests() throws Exception {
    var all = IntStream.range(0, 500).mapToObj(i -> http.begin("/color/get")).toList();
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

    assertThat(all).allMatch(answer -> answer.join().statusCode() == 200);
    assertThat(http.get("/stats").body()).contains("\"StatusOk\":500,\"StatusError\":0");
  }

  @Test
  void frontAnswers500AndSaysWhyWhenTheColorServiceIsGone() throws Exception {
    color.stop();

    var answer = http.get("/color/get");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .startsWith("cannot reach the color service at http://127.0.0.1:" + color.port());
    assertThat(http.get("/stats").body()).isEqualTo("[]\n");
  }

  @Test
  void refusesAnEndpointThatIsNone() {
    assertThatThrownBy(() -> new FrontApp(Http.anyPort(), "color app:8080", LOG))
        .hasMessage(
            "COLOR_SERVICE_ENDPOINT: color app:8080 (expected: host:port, e.g. colorapp:8080)");
  }
}
