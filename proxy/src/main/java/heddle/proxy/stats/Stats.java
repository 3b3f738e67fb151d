package heddle.proxy.stats;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** All statistics of one sidecar, by Envoy's dotted name. */
public final class Stats {
  private final Map<String, Counter> counters = new ConcurrentSkipListMap<>();
  private final Map<String, Gauge> gauges = new ConcurrentSkipListMap<>();
  private final Map<String, Histogram> histograms = new ConcurrentSkipListMap<>();

  /** The counter of that name, created with 0. */
  public Counter counter(String name) {
    return counters.computeIfAbsent(name, n -> new Counter());
  }

  /** The gauge of that name, created with 0. */
  public Gauge gauge(String name) {
    return gauges.computeIfAbsent(name, n -> new Gauge());
  }

  /** The histogram of that name, created empty. */
  public Histogram histogram(String name) {
    return histograms.computeIfAbsent(name, n -> new Histogram());
  }

  /** A counter's or gauge's value; 0 when nothing has that name. */
  public long value(String name) {
    Counter counter = counters.get(name);
    if (counter != null) {
      return counter.value();
    }
    Gauge gauge = gauges.get(name);
    return gauge == null ? 0 : gauge.value();
  }

  /** Sets every counter to 0. */
  public void resetCounters() {
    counters.values().forEach(Counter::reset);
  }

  /** Forgets everything whose name begins so: the thing it described is gone. */
  public void forget(String prefix) {
    counters.keySet().removeIf(name -> name.startsWith(prefix));
    gauges.keySet().removeIf(name -> name.startsWith(prefix));
    histograms.keySet().removeIf(name -> name.startsWith(prefix));
  }

  Map<String, Counter> counters() {
    return counters;
  }

  Map<String, Gauge> gauges() {
    return gauges;
  }

  Map<String, Histogram> histograms() {
    return histograms;
  }
}
