package heddle.cli;

import static heddle.cli.Program.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code heddle load}: a constant rate, vegeta's report. */
class LoadCommandTest {

  private record Request(String method, String header, String body) {}

  @TempDir private Path folder;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String url;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String header = exchange.getRequestHeaders().getFirst("X-Who");
      requests.add(new Request(exchange.getRequestMethod(), String.valueOf(header), body));
      exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/") ? 200 : 503, -1);
    }
  }

  @Test
  void sendsAsManyRequestsAsRateAndDurationSay() {
    var outcome = heddle("load", url, "--rate", "50", "--duration", "200ms");

    assertThat(outcome.out())
        .containsPattern("Requests +\\[total, rate, throughput] +10, ")
        .containsPattern("Success +\\[ratio] +100.00%")
        .containsPattern("Status Codes +\\[code:count] +200:10");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(requests).hasSize(10);
  }

  @Test
  void jsonIsVegetasReport() throws IOException {
    var outcome = heddle("load", url + "gone", "-r", "100", "-d", "100ms", "-o", "json");

    JsonNode report = new ObjectMapper().readTree(outcome.out());
    assertThat(report.path("requests").asInt()).isEqualTo(10);
    assertThat(report.path("success").asDouble()).isZero();
    assertThat(report.path("status_codes").path("503").asInt()).isEqualTo(10);
    assertThat(report.path("latencies").fieldNames())
        .toIterable()
        .contains("mean", "50th", "90th", "95th", "99th", "max", "min");
  }

  @Test
  void hdrIsTheHistogramForItsPlotter() {
    var outcome = heddle("load", url, "-r", "100", "-d", "100ms", "-o", "hdr");

    assertThat(outcome.out()).contains("Value", "Percentile", "TotalCount", "Total count");
  }

  @Test
  void methodHeadersAndBodyAreTheRequests() throws IOException {
    Path body = Files.writeString(folder.resolve("body"), "hello");

    heddle(
        "load", url, "-d", "20ms", "-X", "POST", "-H", "X-Who: me", "--body-file", body.toString());

    assertThat(requests).containsExactly(new Request("POST", "me", "hello"));
  }

  @Test
  void anAttackThatNobodyAnswersHasRunAllTheSame() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }

    var outcome = heddle("load", "http://127.0.0.1:" + closed + "/", "-d", "100ms");

    assertThat(outcome.out()).contains("0:5", "0.00%").containsIgnoringCase("refused");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DONE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "URL --rate fast       | --rate: fast (expected: e.g. 50, 50/s or 300/1m)",
        "URL --rate 0          | --rate: 0 (expected: >= 1)",
        "URL --duration 4      | --duration: '4' (expected: a number with a unit",
        "URL --timeout soon    | --timeout: 'soon' (expected: a number with a unit",
        "URL --connections -1  | --connections: -1 (expected: >= 0)",
        "URL --header nothing  | --header: nothing (expected: Name: value)",
        "URL --method get      | --method: 'get' (expected: capitals, such as POST)",
        "URL --body-file /none | --body-file /none: cannot be read",
        "ftp://127.0.0.1/      | target: ftp://127.0.0.1/ (expected: http://HOST/PATH or",
        "127.0.0.1             | target: 127.0.0.1 (expected: http://HOST/PATH or",
        "http://none.invalid/  | the name does not resolve: none.invalid",
      })
  void refusesWhatCannotBeSentInOneSentence(String arguments, String sentence) {
    var outcome = heddle(("load " + arguments.replace("URL", url)).split(" "));

    assertThat(outcome.err()).contains(sentence).hasLineCount(1);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
