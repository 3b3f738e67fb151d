package heddle.bench.proxy;

import heddle.bench.picture.BarChart;
import heddle.bench.picture.LineChart;
import heddle.bench.picture.Series;
import heddle.bench.picture.Svg;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A report as a picture: bars of work per CPU-second, curves of latency. */
final class Picture {
  private static final int WIDTH = 860;
  private static final int CHART_HEIGHT = 220;

  private final Report report;
  private final Results results;
  private final Svg svg = new Svg(WIDTH);

  private Picture(Report report) {
    this.report = report;
    this.results = report.results();
  }

  static String of(Report report) {
    var picture = new Picture(report);
    picture.bars();
    picture.curves();
    return picture.svg.toString();
  }

  private static Series series(@Nullable Contestant who) {
    if (who == null) {
      return new Series("no proxy", "#999999");
    }
    return new Series(
        who.label(),
        switch (who) {
          case HEDDLE -> "#d1495b";
          case ENVOY -> "#8c4fb5";
          case NGINX -> "#2a9d5c";
          case HAPROXY -> "#2b6cb0";
        });
  }

  private void bars() {
    svg.heading("Requests per CPU-second, as multiples of Envoy's", facts());
    Set<Series> all = new LinkedHashSet<>();
    var chart = new BarChart();
    for (var key : results.capacities().keySet()) {
      all.add(series(key.who()));
      results
          .ratio(key.who(), Contestant.ENVOY, key.shape())
          .ifPresent(ratio -> chart.add(key.shape().label(), series(key.who()), ratio));
    }
    svg.legend(all);
    chart.draw(svg);
  }

  private String facts() {
    return String.join(", ", report.versions())
        + "; "
        + report.machine().cpu()
        + ", "
        + report.machine().cores()
        + " cores";
  }

  private void curves() {
    for (var first : results.latencies().keySet()) {
      if (first.who() == null) {
        curves(first.shape(), first.rate());
      }
    }
  }

  private void curves(Shape shape, int rate) {
    svg.heading(
        String.format(Locale.ROOT, "%s at %,d requests per second", shape.label(), rate),
        "Milliseconds from when a request was due until its last byte, by percentile");
    Set<Series> all = new LinkedHashSet<>();
    var chart = new LineChart(true);
    for (var key : results.latencies().keySet()) {
      if (key.shape().equals(shape) && key.rate() == rate) {
        Series series = series(key.who());
        all.add(series);
        chart.add(series, 0, results.latency(key.who(), shape, rate, Latency::p50).orElseThrow());
        chart.add(series, 1, results.latency(key.who(), shape, rate, Latency::p90).orElseThrow());
        chart.add(series, 2, results.latency(key.who(), shape, rate, Latency::p99).orElseThrow());
        chart.add(series, 3, results.latency(key.who(), shape, rate, Latency::p999).orElseThrow());
      }
    }
    chart.name(0, "p50");
    chart.name(1, "p90");
    chart.name(2, "p99");
    chart.name(3, "p99.9");
    svg.legend(all);
    chart.draw(svg, CHART_HEIGHT);
  }
}
