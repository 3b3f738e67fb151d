package heddle.workload;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The front behind {@code fawadkhaliq/feapp}: {@code /color/get}, {@code /color/fault} and {@code
 * /color/recover} ask the color service and pass on its status and body; {@code /stats} tells, per
 * host that answered {@code /color/get}, how often and how, and {@code /reset_stats} forgets it.
 */
public final class FrontApp {
  private static final String NO_HOST = "";

  private final URI colors;
  private final Log log;
  private final HostCounters counters = new HostCounters();
  private final TextServer server;

  /**
   * @param endpoint host and port of the color service
   */
  FrontApp(InetSocketAddress address, String endpoint, Log log) throws IOException {
    colors = endpoint(endpoint);
    this.log = log;
    server =
        new TextServer(
            address,
            Executors.newVirtualThreadPerTaskExecutor(),
            Map.of(
                "/ping", method -> Reply.ok(""),
                "/color/get", method -> ask("/get"),
                "/color/fault", method -> ask("/fault"),
                "/color/recover", method -> ask("/recover"),
                "/stats", method -> Reply.ok(counters.json() + "\n"),
                "/reset_stats", method -> reset()),
            true,
            log.clock());
  }

  /**
   * @param arguments none; {@code COLOR_SERVICE_ENDPOINT} (host:port, required) and {@code PORT},
   *     else {@code SERVER_PORT} (default 8080) are read from the environment
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("http.maxConnections", "256");
    var log = new Log(Clock.systemUTC(), System.err);
    var settings = new Settings(System.getenv());
    int port = settings.number(0, 65535, "PORT", "SERVER_PORT").orElse(8080);
    var endpoint = settings.required("COLOR_SERVICE_ENDPOINT", "colorapp:8080");
    var app = new FrontApp(new InetSocketAddress(port), endpoint, log);
    app.server.stopWithProcess();
    log.line("serving port " + app.port() + ", colors from " + app.colors);
  }

  int port() {
    return server.port();
  }

  void stop() {
    server.stop();
  }

  private static URI endpoint(String hostAndPort) {
    try {
      var uri = new URI("http://" + hostAndPort);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw badEndpoint(hostAndPort, e);
    }
    throw badEndpoint(hostAndPort, null);
  }

  private static IllegalArgumentException badEndpoint(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "COLOR_SERVICE_ENDPOINT: " + text + " (expected: host:port, e.g. colorapp:8080)", cause);
  }

  private Reply reset() {
    counters.clear();
    return Reply.ok("stats cleared.\n");
  }

  private Reply ask(String path) {
    try {
      return relay(path);
    } catch (IOException e) {
      String failure = "cannot reach the color service at " + colors + path + ": " + e;
      log.line(failure);
      return Reply.of(500, failure + "\n");
    }
  }

  private Reply relay(String path) throws IOException {
    var request = (HttpURLConnection) colors.resolve(path).toURL().openConnection();
    request.setUseCaches(false);
    int status = request.getResponseCode();
    if (path.equals("/get")) {
      String host = request.getHeaderField("HostUID");
      counters.add(host == null ? NO_HOST : host, status);
    }
    log.line("GET /color" + path + " " + status);
    return Reply.of(status, body(request, status) + "\n");
  }

  /** Reads to the end, so that the connection is kept for the next request. */
  private static String body(HttpURLConnection request, int status) throws IOException {
    try (InputStream body = status < 400 ? request.getInputStream() : request.getErrorStream()) {
      return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
