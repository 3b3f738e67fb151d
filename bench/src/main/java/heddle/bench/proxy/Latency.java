package heddle.bench.proxy;

import heddle.load.Attack;
import heddle.load.LoadGenerator;
import heddle.load.Rate;
import heddle.load.Report;
import heddle.load.ReportBuilder;
import java.io.IOException;
import java.time.Duration;

/**
 * Open loop: requests at a fixed rate, however long earlier ones take; times are from when a
 * request was due until its last byte.
 *
 * @param p50 milliseconds, like the others
 * @param failures without an answer, or with another status than 2xx and 3xx
 */
record Latency(double p50, double p90, double p99, double p999, double max, long failures) {
  private static final double MILLI = 1e6;
  private static final int CONNECTIONS = 128;

  /** Sends for a while. */
  static Latency measure(LoadGenerator generator, int port, Shape shape, int rate, int seconds)
      throws IOException, InterruptedException {
    System.gc(); // the generator's next one is seconds away then
    var attack =
        Attack.of(
                shape.request().target(port),
                new Rate(rate, Duration.ofSeconds(1)),
                Duration.ofSeconds(seconds))
            .withConnections(CONNECTIONS);
    var results = new ReportBuilder();
    generator.run(attack, results::add);
    return of(results.build());
  }

  private static Latency of(Report report) {
    return new Latency(
        millis(report, 50),
        millis(report, 90),
        millis(report, 99),
        millis(report, 99.9),
        report.latencies().max() / MILLI,
        report.requests() - report.successes());
  }

  private static double millis(Report report, double percentile) {
    return report.histogram().getValueAtPercentile(percentile) / MILLI;
  }
}
