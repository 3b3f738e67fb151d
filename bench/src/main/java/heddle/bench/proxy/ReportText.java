package heddle.bench.proxy;

import static heddle.bench.proxy.Contestant.ENVOY;
import static heddle.bench.proxy.Contestant.HAPROXY;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** A report as tables for a terminal. */
final class ReportText {
  private final Report report;
  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private ReportText(Report report) {
    this.report = report;
    this.results = report.results();
  }

  static String of(Report report) {
    var text = new ReportText(report);
    text.head();
    text.capacities();
    text.latencies();
    text.memory();
    text.targets();
    return text.out.toString();
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void head() {
    line("%s", report.machine().description());
    line("%s; %s", String.join(", ", report.versions()), report.cpus().description());
    line("%s; figures are medians of the rounds", report.settings());
  }

  private void capacities() {
    line("%nClosed loop: as fast as it goes");
    line(
        "%-24s %10s %12s %14s %9s %10s %9s",
        "", "req/s", "req/CPU-s", "CPU-s/M req", "x Envoy", "x HAProxy", "failures");
    for (Shape shape : results.capacityShapes()) {
      line("%s", shape.label());
      for (var entry : results.capacities().entrySet()) {
        if (entry.getKey().shape().equals(shape)) {
          Contestant who = entry.getKey().who();
          OptionalDouble perCpu = results.capacity(who, shape, Capacity::perCpuSecond);
          line(
              "  %-22s %10.0f %12.0f %14.1f %9s %10s %9d",
              who.label(),
              results.capacity(who, shape, Capacity::perSecond).orElseThrow(),
              perCpu.orElseThrow(),
              1e6 / perCpu.orElseThrow(),
              ratio(results.ratio(who, ENVOY, shape)),
              ratio(results.ratio(who, HAPROXY, shape)),
              entry.getValue().stream().mapToLong(Capacity::failures).sum());
        }
      }
    }
  }

  private static String ratio(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "-";
  }

  private void latencies() {
    if (results.latencies().isEmpty()) {
      return;
    }
    line("%nOpen loop: milliseconds from when a request was due until its last byte");
    line("%-24s %9s %9s %9s %9s %9s %9s", "", "p50", "p90", "p99", "p99.9", "worst", "failures");
    Results.LatencyKey before = null;
    for (var entry : results.latencies().entrySet()) {
      var key = entry.getKey();
      if (before == null || key.rate() != before.rate() || !key.shape().equals(before.shape())) {
        line("%s at %,d/s", key.shape().label(), key.rate());
      }
      before = key;
      line(
          "  %-22s %9s %9s %9s %9s %9s %9d",
          key.who() == null ? "(no proxy)" : key.who().label(),
          millis(key, Latency::p50),
          millis(key, Latency::p90),
          millis(key, Latency::p99),
          millis(key, Latency::p999),
          millis(key, Latency::max),
          entry.getValue().stream().mapToLong(Latency::failures).sum());
    }
  }

  private String millis(Results.LatencyKey key, ToDoubleFunction<Latency> figure) {
    double value = results.latency(key.who(), key.shape(), key.rate(), figure).orElseThrow();
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void memory() {
    line("%nResident memory, one hop (Heddle: its JVM, with both hops), MB");
    line("%-24s %10s %10s", "", "idle", "loaded");
    results
        .memory()
        .forEach(
            (who, memory) ->
                line("  %-22s %10.0f %10.0f", who.label(), memory.idle(), memory.loaded()));
  }

  private void targets() {
    var targets = Targets.of(results);
    if (!targets.isEmpty()) {
      line("%nTargets");
      targets.forEach(target -> line("  %s", target));
    }
  }
}
