package heddle.load;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What an attack came to.
 *
 * @param earliest when the first request was due
 * @param latest when the last request was due
 * @param end when the last answer came
 * @param duration from earliest to latest
 * @param waited from latest to end
 * @param bytesIn of all answers' bodies
 * @param bytesOut of all requests' bodies
 * @param statuses status → how often; 0 counts requests without an answer
 * @param errors each different one once, in order of appearance, the first thousand
 * @param histogram latencies in nanoseconds
 */
public record Report(
    long requests,
    long successes,
    Instant earliest,
    Instant latest,
    Instant end,
    Duration duration,
    Duration waited,
    Latencies latencies,
    long bytesIn,
    long bytesOut,
    SortedMap<Integer, Long> statuses,
    List<String> errors,
    Histogram histogram) {

  /** Nanoseconds from when a request was due until its last byte; three significant digits. */
  public record Latencies(
      long total, long min, long mean, long p50, long p90, long p95, long p99, long max) {}

  private static final double SECOND = 1e9;

  public Report {
    statuses = Collections.unmodifiableSortedMap(new TreeMap<>(statuses));
    errors = List.copyOf(errors);
  }

  /** Share of requests that were answered with 200 to 399: 0 to 1. */
  public double success() {
    return requests == 0 ? 0 : (double) successes / requests;
  }

  /** Requests sent per second. */
  public double rate() {
    return duration.isZero() ? requests : requests / (duration.toNanos() / SECOND);
  }

  /** Successes per second until the last answer. */
  public double throughput() {
    long nanos = duration.plus(waited).toNanos();
    return nanos == 0 ? successes : successes / (nanos / SECOND);
  }

  /** Requests that got this status; 0 asks for those without an answer. */
  public long count(int status) {
    return statuses.getOrDefault(status, 0L);
  }

  /** Vegeta's text report. */
  public String text() {
    return ReportText.text(this);
  }

  /** Vegeta's JSON report, on one line; durations are nanoseconds. */
  public String json() {
    return ReportText.json(this);
  }

  /** HdrHistogram's percentile distribution in milliseconds, for its plotter. */
  public String hdr() {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    histogram.outputPercentileDistribution(out, 5, 1e6);
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * How many latencies lie in each interval.
   *
   * @param bounds lower ends in nanoseconds, rising; the last interval has no upper end
   */
  public String buckets(List<Long> bounds) {
    return ReportText.buckets(this, bounds);
  }
}
