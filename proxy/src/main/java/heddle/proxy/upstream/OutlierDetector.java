package heddle.proxy.upstream;

import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Stats;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Ejects hosts that misbehave and lets them back. Semantics: Envoy's {@code outlier_detection}.
 *
 * <p>Outcomes come from {@link #status} and {@link #localOrigin}; {@link #sweep} is called once per
 * interval and is the only thing that lets a host back (beside a passing health check).
 */
final class OutlierDetector {

  /** What the detector remembers of one host. */
  static final class Record {
    private boolean ejected;
    private long ejectedAtNanos;
    private long ejectedForNanos;
    private long backSinceNanos;
    private int multiplier;
    private int consecutive5xx;
    private int consecutiveGateway;
    private int consecutiveLocal;
    private long total;
    private long successes;
    private long lastTotal;
    private double lastRate = -1;

    boolean ejected() {
      return ejected;
    }

    /** Percent of successes in the last full interval, or -1 without enough volume. */
    double lastRate() {
      return lastRate;
    }
  }

  /** Which detector fired; the name is Envoy's. */
  enum Kind {
    CONSECUTIVE_5XX,
    CONSECUTIVE_GATEWAY_FAILURE,
    CONSECUTIVE_LOCAL_ORIGIN_FAILURE,
    SUCCESS_RATE,
    FAILURE_PERCENTAGE
  }

  private final ClusterConfig.OutlierConfig config;
  private final Supplier<? extends Collection<Host>> hosts;
  private final Consumer<Host> changed;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Gauge active;
  private final Counter enforcedTotal;
  private final Counter overflow;
  private final Counter[] detected = new Counter[Kind.values().length];
  private final Counter[] enforced = new Counter[Kind.values().length];

  /**
   * @param hosts all hosts of the cluster, at the time of asking
   * @param changed told when a host was ejected or let back
   */
  OutlierDetector(
      String cluster,
      ClusterConfig.OutlierConfig config,
      Supplier<? extends Collection<Host>> hosts,
      Consumer<Host> changed,
      Stats stats,
      Ticker ticker,
      RandomGenerator random) {
    this.config = config;
    this.hosts = hosts;
    this.changed = changed;
    this.ticker = ticker;
    this.random = random;
    String p = "cluster." + cluster.replace(':', '_') + ".outlier_detection.ejections_";
    active = stats.gauge(p + "active");
    enforcedTotal = stats.counter(p + "enforced_total");
    overflow = stats.counter(p + "overflow");
    for (Kind kind : Kind.values()) {
      String name = kind.name().toLowerCase(java.util.Locale.ROOT);
      detected[kind.ordinal()] = stats.counter(p + "detected_" + name);
      enforced[kind.ordinal()] = stats.counter(p + "enforced_" + name);
    }
  }

  /** A host answered with this status, or (when errors are not split) failed as if it had. */
  void status(Host host, int code) {
    Record record = host.outlier();
    record.total++;
    if (code < 500) {
      record.successes++;
      record.consecutive5xx = 0;
      record.consecutiveGateway = 0;
      return;
    }
    if (record.ejected) {
      return;
    }
    if (code == 502 || code == 503 || code == 504) {
      if (++record.consecutiveGateway == config.consecutiveGateway()) {
        record.consecutiveGateway = 0;
        detected(host, Kind.CONSECUTIVE_GATEWAY_FAILURE, config.enforcingGateway());
      }
    } else {
      record.consecutiveGateway = 0;
    }
    if (++record.consecutive5xx == config.consecutive5xx()) {
      record.consecutive5xx = 0;
      detected(host, Kind.CONSECUTIVE_5XX, config.enforcing5xx());
    }
  }

  /**
   * An attempt succeeded or failed on this side of the response (connect, reset, timeout).
   *
   * @param asStatus what a failure counts as when local errors are not told apart
   */
  void localOrigin(Host host, boolean success, int asStatus) {
    if (!config.splitLocalOrigin()) {
      if (!success) {
        status(host, asStatus);
      }
      return;
    }
    Record record = host.outlier();
    if (success) {
      record.consecutiveLocal = 0;
    } else if (!record.ejected && ++record.consecutiveLocal == config.consecutiveLocalOrigin()) {
      record.consecutiveLocal = 0;
      detected(host, Kind.CONSECUTIVE_LOCAL_ORIGIN_FAILURE, config.enforcingLocalOrigin());
    }
  }

  private void detected(Host host, Kind kind, int enforcing) {
    detected[kind.ordinal()].inc();
    if (host.outlier().ejected) {
      return;
    }
    int all = hosts.get().size();
    long ejected = active.value();
    boolean allowed =
        (ejected == 0 && config.alwaysEjectOneHost())
            || (all > 0 && 100 * (ejected + 1) <= (long) config.maxEjectionPercent() * all);
    if (!allowed) {
      overflow.inc();
      return;
    }
    if (random.nextInt(100) >= enforcing) {
      return;
    }
    enforced[kind.ordinal()].inc();
    eject(host);
  }

  private void eject(Host host) {
    Record record = host.outlier();
    record.ejected = true;
    record.multiplier++;
    record.ejectedAtNanos = ticker.nanoTime();
    long base = config.baseEjectionTime().toNanos();
    long max = Math.max(config.maxEjectionTime().toNanos(), base);
    long jitter = config.maxJitter().toNanos();
    record.ejectedForNanos =
        Math.min(base * record.multiplier, max) + (jitter > 0 ? random.nextLong(jitter + 1) : 0);
    enforcedTotal.inc();
    active.inc();
    changed.accept(host);
  }

  private void unEject(Host host, long now) {
    Record record = host.outlier();
    record.ejected = false;
    record.backSinceNanos = now;
    record.consecutive5xx = 0;
    record.consecutiveGateway = 0;
    record.consecutiveLocal = 0;
    active.dec();
    changed.accept(host);
  }

  /** A health check passed: an ejected host is back at once, if configured so. */
  void healthCheckPassed(Host host) {
    if (config.healthCheckUnejects() && host.outlier().ejected) {
      unEject(host, ticker.nanoTime());
    }
  }

  /** The host left the cluster. */
  void removed(Host host) {
    if (host.outlier().ejected) {
      active.dec();
    }
  }

  /** One interval is over. */
  void sweep() {
    long now = ticker.nanoTime();
    var all = new ArrayList<>(hosts.get());
    for (Host host : all) {
      Record record = host.outlier();
      if (record.ejected && now - record.ejectedAtNanos >= record.ejectedForNanos) {
        unEject(host, now);
      }
    }
    for (Host host : all) {
      Record record = host.outlier();
      record.lastTotal = record.total;
      record.lastRate = record.total == 0 ? -1 : 100.0 * record.successes / record.total;
      record.total = 0;
      record.successes = 0;
    }
    successRate(all);
    failurePercentage(all);
    for (Host host : all) {
      Record record = host.outlier();
      if (!record.ejected
          && record.multiplier > 0
          && now - record.backSinceNanos >= config.interval().toNanos()) {
        record.multiplier--;
      }
    }
  }

  private static List<Host> withVolume(List<Host> all, int volume) {
    return all.stream()
        .filter(h -> !h.outlier().ejected && h.outlier().lastTotal >= Math.max(volume, 1))
        .toList();
  }

  private void successRate(List<Host> all) {
    List<Host> eligible = withVolume(all, config.successRateRequestVolume());
    if (eligible.isEmpty() || eligible.size() < config.successRateMinimumHosts()) {
      return;
    }
    double mean = eligible.stream().mapToDouble(h -> h.outlier().lastRate).average().orElseThrow();
    double variance =
        eligible.stream()
            .mapToDouble(h -> Math.pow(h.outlier().lastRate - mean, 2))
            .average()
            .orElseThrow();
    double threshold = mean - Math.sqrt(variance) * config.successRateStdevFactor() / 1000;
    for (Host host : eligible) {
      if (host.outlier().lastRate < threshold) {
        detected(host, Kind.SUCCESS_RATE, config.enforcingSuccessRate());
      }
    }
  }

  private void failurePercentage(List<Host> all) {
    List<Host> eligible = withVolume(all, config.failurePercentageRequestVolume());
    if (eligible.isEmpty() || eligible.size() < config.failurePercentageMinimumHosts()) {
      return;
    }
    for (Host host : eligible) {
      if (100 - host.outlier().lastRate >= config.failurePercentageThreshold()) {
        detected(host, Kind.FAILURE_PERCENTAGE, config.enforcingFailurePercentage());
      }
    }
  }
}
