package heddle.bench.soak;

import heddle.bench.wrk.Request;
import heddle.load.Attack;
import heddle.load.LoadGenerator;
import heddle.load.Rate;
import heddle.load.Result;
import heddle.load.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The open loop of a soak: counts, remembers what failed, and how slow each stretch of time was.
 */
final class Traffic {
  private static final Duration STRETCH = Duration.ofSeconds(10);
  private static final int DETAILS = 50;
  private static final double MILLI = 1e6;

  /**
   * Ten seconds of it.
   *
   * @param second since the beginning, at the end of the stretch
   */
  record Stretch(double second, long requests, double p50, double p99, double max) {}

  private final PrintStream progress;
  private final Histogram latencies = new Histogram(3);
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<String> details = new ArrayList<>();
  private Instant begin = Instant.EPOCH;
  private long requests;
  private long failures;

  Traffic(PrintStream progress) {
    this.progress = progress;
    latencies.setAutoResize(true);
  }

  /** Sends for a while. */
  void run(
      LoadGenerator generator, int port, List<Request> mix, int rate, int connections, long seconds)
      throws IOException, InterruptedException {
    List<Target> targets = mix.stream().map(one -> one.target(port)).toList();
    var attack =
        new Attack(
            targets,
            new Rate(rate, Duration.ofSeconds(1)),
            Duration.ofSeconds(seconds),
            Duration.ofSeconds(30),
            connections,
            connections,
            true,
            false);
    generator.run(attack, this::add);
    endStretch(begin.plusSeconds(seconds));
  }

  private void add(Result result) {
    if (requests++ == 0) {
      begin = result.due();
    }
    Instant end = begin.plus(STRETCH.multipliedBy(stretches.size() + 1L));
    if (result.due().isAfter(end)) {
      endStretch(end);
    }
    latencies.recordValue(result.latencyNanos());
    if (!result.success()) {
      failures++;
      if (details.size() < DETAILS) {
        details.add(
            "%s, due %.3f s after the beginning, ended after %.3f ms: %d %s"
                .formatted(
                    result.method() + " " + result.url(),
                    Duration.between(begin, result.due()).toNanos() / 1e9,
                    result.latencyNanos() / MILLI,
                    result.status(),
                    result.error()));
      }
    }
  }

  private void endStretch(Instant end) {
    var stretch =
        new Stretch(
            Duration.between(begin, end).toMillis() / 1000.0,
            latencies.getTotalCount(),
            latencies.getValueAtPercentile(50) / MILLI,
            latencies.getValueAtPercentile(99) / MILLI,
            latencies.getMaxValue() / MILLI);
    latencies.reset();
    stretches.add(stretch);
    progress.printf(
        Locale.ROOT,
        "%6.0f s: %,d requests, %d failed; p50 %.2f ms, p99 %.2f ms%n",
        stretch.second(),
        requests,
        failures,
        stretch.p50(),
        stretch.p99());
  }

  long requests() {
    return requests;
  }

  long failures() {
    return failures;
  }

  List<String> details() {
    return details;
  }

  List<Stretch> stretches() {
    return stretches;
  }
}
