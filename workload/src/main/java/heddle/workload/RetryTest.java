package heddle.workload;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The application behind {@code yuto425/appmesh_k8s_retry_test}: {@code /ok} answers 200, {@code
 * /ng} answers 500, {@code /heavy} answers 200 after a minute, and {@code /hc} is the health check.
 *
 * <p>It behaves as the original's server, gunicorn with ten synchronous workers: a worker answers
 * one request per connection; each request is one line of log with its worker's number (health
 * checks are not logged, their number would bury the rest); on SIGTERM it accepts nothing new, and
 * open requests go on until they are answered or SIGKILL ends them.
 */
public final class RetryTest {
  private static final int WORKERS = 10;
  private static final int FIRST_WORKER = 8;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z").withZone(ZoneOffset.UTC);

  /** Waits; {@link Thread#sleep(Duration)} outside tests. */
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  private final TextServer server;
  private final Clock clock;
  private final PrintStream log;

  RetryTest(InetSocketAddress address, Duration heavy, Pause pause, Clock clock, PrintStream log)
      throws IOException {
    this.clock = clock;
    this.log = log;
    var numbers = new AtomicInteger(FIRST_WORKER);
    var workers =
        Executors.newFixedThreadPool(
            WORKERS, task -> new Thread(task, Integer.toString(numbers.getAndIncrement())));
    server =
        new TextServer(
            address,
            workers,
            Map.of(
                "/hc",
                method -> Reply.ok("ok"),
                "/ok",
                method -> logged(method, "/ok", Reply.ok("ok")),
                "/ng",
                method -> logged(method, "/ng", Reply.of(500, "ng")),
                "/heavy",
                method -> {
                  Reply reply = logged(method, "/heavy", Reply.ok("ok"));
                  pause.of(heavy);
                  return reply;
                }),
            false,
            clock);
  }

  /**
   * @param arguments none; {@code PORT} (default 5000) and {@code HEAVY_SECONDS} (default 60) are
   *     read from the environment; the port chosen for {@code PORT=0} is the log's first line
   */
  public static void main(String[] arguments) throws IOException {
    var settings = new Settings(System.getenv());
    var address = new InetSocketAddress(settings.number(0, 65535, "PORT").orElse(5000));
    var heavy = Duration.ofSeconds(settings.number(0, 86400, "HEAVY_SECONDS").orElse(60));
    var app = new RetryTest(address, heavy, Thread::sleep, Clock.systemUTC(), System.err);
    app.server.stopWithProcess();
    if (address.getPort() == 0) {
      System.err.println("port " + app.port());
    }
  }

  int port() {
    return server.port();
  }

  void stop() {
    server.stop();
  }

  private Reply logged(String method, String path, Reply reply) {
    var worker = Thread.currentThread().getName();
    log.println(
        "[%s] [%s] [DEBUG] %s %s".formatted(TIME.format(clock.instant()), worker, method, path));
    return reply;
  }
}
