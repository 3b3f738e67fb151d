package heddle.workload;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;

/**
 * The backend behind {@code fawadkhaliq/colorapp}: {@code /get} answers {@code purple} and names
 * the host in the header {@code HostUID}; after {@code /fault} it answers 500 instead, until {@code
 * /recover}.
 */
public final class ColorApp {
  private final String host;
  private final Log log;
  private final TextServer server;
  private volatile int status = 200;

  ColorApp(InetSocketAddress address, String host, Log log) throws IOException {
    this.host = host;
    this.log = log;
    server =
        new TextServer(
            address,
            Executors.newVirtualThreadPerTaskExecutor(),
            Map.of(
                "/ping", method -> Reply.ok(""),
                "/get", method -> color(),
                "/fault", method -> become(500),
                "/recover", method -> become(200)),
            true,
            log.clock());
  }

  /**
   * @param arguments none; {@code SERVER_PORT}, else {@code PORT} (default 8080) is read from the
   *     environment
   */
  public static void main(String[] arguments) throws IOException {
    var log = new Log(Clock.systemUTC(), System.err);
    var settings = new Settings(System.getenv());
    int port = settings.number(0, 65535, "SERVER_PORT", "PORT").orElse(8080);
    var app = new ColorApp(new InetSocketAddress(port), UUID.randomUUID().toString(), log);
    app.server.stopWithProcess();
    log.line("host " + app.host + " serves port " + app.port());
  }

  int port() {
    return server.port();
  }

  void stop() {
    server.stop();
  }

  private Reply color() {
    int now = status;
    log.line("GET /get " + now);
    return Reply.of(now, now == 200 ? "purple" : "no colors 4 u").with("HostUID", host);
  }

  private Reply become(int next) {
    status = next;
    String sentence = "host: `%s` will now respond with %d on /get.".formatted(host, next);
    log.line(sentence);
    return Reply.ok(sentence);
  }
}
