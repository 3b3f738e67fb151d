package heddle.proxy.http;

import heddle.proxy.accesslog.LineSink;
import heddle.proxy.http1.HeadWriter;
import heddle.proxy.stats.Stats;
import heddle.proxy.upstream.Clusters;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What HTTP connections of one sidecar share. Used on its event loop only. */
public final class HttpEnvironment {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Clusters clusters;
  private final Stats stats;
  private final Function<String, @Nullable Routes> routes;
  private final Ticker ticker;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Drain drain;
  private final LineSink log;
  private final HeadWriter heads = new HeadWriter();
  private final Map<String, HcmStats> hcms = new HashMap<>();
  private long dateSecond = -1;
  private AsciiString date = AsciiString.EMPTY_STRING;
  private long connections;

  /**
   * @param routes the route configuration of that name, or null while there is none
   * @param log where access log lines go
   */
  public HttpEnvironment(
      Clusters clusters,
      Stats stats,
      Function<String, @Nullable Routes> routes,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random,
      Drain drain,
      LineSink log) {
    this.clusters = clusters;
    this.stats = stats;
    this.routes = routes;
    this.ticker = ticker;
    this.clock = clock;
    this.random = random;
    this.drain = drain;
    this.log = log;
  }

  HeadWriter heads() {
    return heads;
  }

  HcmStats hcm(String statPrefix) {
    return hcms.computeIfAbsent(statPrefix, prefix -> new HcmStats(stats, prefix));
  }

  /** The sidecar's clusters. */
  public Clusters clusters() {
    return clusters;
  }

  /** The sidecar's statistics. */
  public Stats stats() {
    return stats;
  }

  @Nullable Routes routes(String name) {
    return routes.apply(name);
  }

  /** Elapsed time. */
  public Ticker ticker() {
    return ticker;
  }

  /** Wall time. */
  public InstantSource clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  /** A random number from 0 to below {@code bound}. */
  public long nextRandom(long bound) {
    return random.nextLong(bound);
  }

  /** Whether the sidecar is on its way out. */
  public Drain drain() {
    return drain;
  }

  /** Where access log lines go. */
  public LineSink log() {
    return log;
  }

  /** A number for the next connection. */
  public long nextConnectionId() {
    return connections++;
  }

  /** The {@code date} header's value, made once per second. */
  AsciiString date() {
    long second = clock.millis() / 1000;
    if (second != dateSecond) {
      dateSecond = second;
      date = new AsciiString(DATE.format(clock.instant()));
    }
    return date;
  }
}
