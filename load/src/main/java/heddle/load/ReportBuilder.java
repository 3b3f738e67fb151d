package heddle.load;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Gathers results into a report. For one thread at a time. */
public final class ReportBuilder {
  private static final int DIGITS = 3;
  private static final int MAX_ERRORS = 1000;

  private final Histogram latencies = new Histogram(DIGITS);
  private final SortedMap<Integer, Long> statuses = new TreeMap<>();
  private final Set<String> errors = new LinkedHashSet<>();
  private @Nullable Instant earliest;
  private @Nullable Instant latest;
  private @Nullable Instant end;
  private long requests;
  private long successes;
  private long bytesIn;
  private long bytesOut;
  private long totalNanos;
  private long minNanos = Long.MAX_VALUE;
  private long maxNanos;

  public ReportBuilder() {
    latencies.setAutoResize(true);
  }

  /** Counts one more result. Order does not matter. */
  public void add(Result result) {
    var finished = result.due().plusNanos(result.latencyNanos());
    earliest = earliest == null || result.due().isBefore(earliest) ? result.due() : earliest;
    latest = latest == null || result.due().isAfter(latest) ? result.due() : latest;
    end = end == null || finished.isAfter(end) ? finished : end;
    requests++;
    successes += result.success() ? 1 : 0;
    bytesIn += result.bytesIn();
    bytesOut += result.bytesOut();
    totalNanos += result.latencyNanos();
    minNanos = Math.min(minNanos, result.latencyNanos());
    maxNanos = Math.max(maxNanos, result.latencyNanos());
    latencies.recordValue(result.latencyNanos());
    statuses.merge(result.status(), 1L, Long::sum);
    if (!result.success() && errors.size() < MAX_ERRORS) {
      errors.add(result.error());
    }
  }

  /** What was gathered so far. */
  public Report build() {
    var first = earliest == null ? Instant.EPOCH : earliest;
    var last = latest == null ? Instant.EPOCH : latest;
    var finished = end == null ? Instant.EPOCH : end;
    return new Report(
        requests,
        successes,
        first,
        last,
        finished,
        Duration.between(first, last),
        Duration.between(last, finished),
        new Report.Latencies(
            totalNanos,
            requests == 0 ? 0 : minNanos,
            requests == 0 ? 0 : totalNanos / requests,
            percentile(50),
            percentile(90),
            percentile(95),
            percentile(99),
            maxNanos),
        bytesIn,
        bytesOut,
        statuses,
        errors.stream().toList(),
        latencies.copy());
  }

  /** The histogram's buckets end a little above their values: never report more than was seen. */
  private long percentile(double percent) {
    return Math.min(maxNanos, Math.max(0, latencies.getValueAtPercentile(percent)));
  }
}
