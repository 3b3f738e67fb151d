package heddle.load;

import static heddle.load.Durations.rounded;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes reports in the layouts that vegeta's users and scripts read. */
final class ReportText {
  private static final int BAR = 75;

  private ReportText() {}

  static String text(Report report) {
    var times = report.latencies();
    var out = new StringBuilder();
    row(out, "Requests", "[total, rate, throughput]", requests(report));
    row(out, "Duration", "[total, attack, wait]", duration(report));
    row(
        out,
        "Latencies",
        "[min, mean, 50, 90, 95, 99, max]",
        List.of(
                times.min(),
                times.mean(),
                times.p50(),
                times.p90(),
                times.p95(),
                times.p99(),
                times.max())
            .stream()
            .map(Durations::rounded)
            .collect(Collectors.joining(", ")));
    row(out, "Bytes In", "[total, mean]", bytes(report.bytesIn(), report.requests()));
    row(out, "Bytes Out", "[total, mean]", bytes(report.bytesOut(), report.requests()));
    row(out, "Success", "[ratio]", two(report.success() * 100) + "%");
    row(out, "Status Codes", "[code:count]", statuses(report));
    out.append("Error Set:\n");
    report.errors().forEach(error -> out.append(error).append('\n'));
    return out.toString();
  }

  static String json(Report report) {
    var times = report.latencies();
    String latencies =
        format(
            "{\"total\":%d,\"mean\":%d,\"50th\":%d,\"90th\":%d,\"95th\":%d,\"99th\":%d,"
                + "\"max\":%d,\"min\":%d}",
            times.total(),
            times.mean(),
            times.p50(),
            times.p90(),
            times.p95(),
            times.p99(),
            times.max(),
            times.min());
    String codes =
        report.statuses().entrySet().stream()
            .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
            .collect(Collectors.joining(",", "{", "}"));
    String errors =
        report.errors().stream().map(ReportText::quoted).collect(Collectors.joining(",", "[", "]"));
    return format(
        "{\"latencies\":%s,\"bytes_in\":%s,\"bytes_out\":%s,\"earliest\":\"%s\","
            + "\"latest\":\"%s\",\"end\":\"%s\",\"duration\":%d,\"wait\":%d,\"requests\":%d,"
            + "\"rate\":%s,\"throughput\":%s,\"success\":%s,\"status_codes\":%s,\"errors\":%s}%n",
        latencies,
        jsonBytes(report.bytesIn(), report.requests()),
        jsonBytes(report.bytesOut(), report.requests()),
        report.earliest(),
        report.latest(),
        report.end(),
        report.duration().toNanos(),
        report.waited().toNanos(),
        report.requests(),
        report.rate(),
        report.throughput(),
        report.success(),
        codes,
        errors);
  }

  static String buckets(Report report, List<Long> bounds) {
    var out = new StringBuilder(format("%-24s %-8s %-8s %s%n", "Bucket", "#", "%", "Histogram"));
    for (int i = 0; i < bounds.size(); i++) {
      boolean last = i == bounds.size() - 1;
      long high = last ? Long.MAX_VALUE : bounds.get(i + 1) - 1;
      long low = bounds.get(i);
      long count = count(report, low, high);
      double share = report.requests() == 0 ? 0 : (double) count / report.requests();
      String upper = last ? "+Inf" : rounded(bounds.get(i + 1));
      out.append(
          format(
                  "%-24s %-8d %-8s %s",
                  "[" + rounded(low) + ", " + upper + "]",
                  count,
                  two(share * 100) + "%",
                  "#".repeat((int) Math.round(share * BAR)))
              .stripTrailing());
      out.append('\n');
    }
    return out.toString();
  }

  /** By the histogram's own values, so that the intervals' counts add up to all requests. */
  private static long count(Report report, long low, long high) {
    long count = 0;
    for (var value : report.histogram().recordedValues()) {
      long at = value.getValueIteratedTo();
      count += at >= low && at <= high ? value.getCountAtValueIteratedTo() : 0;
    }
    return count;
  }

  static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static void row(StringBuilder out, String name, String fields, String values) {
    out.append(format("%-14s%-34s%s", name, fields, values)).append('\n');
  }

  private static String requests(Report report) {
    return report.requests() + ", " + two(report.rate()) + ", " + two(report.throughput());
  }

  private static String duration(Report report) {
    return rounded(report.duration().plus(report.waited()).toNanos())
        + ", "
        + rounded(report.duration().toNanos())
        + ", "
        + rounded(report.waited().toNanos());
  }

  private static String bytes(long total, long requests) {
    return total + ", " + two(mean(total, requests));
  }

  private static String jsonBytes(long total, long requests) {
    return format("{\"total\":%d,\"mean\":%s}", total, mean(total, requests));
  }

  /** Rounds the number's exact value, as Go does; {@code %.2f} would round its decimal form. */
  private static String two(double number) {
    return new BigDecimal(number).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static double mean(long total, long requests) {
    return requests == 0 ? 0 : (double) total / requests;
  }

  private static String statuses(Report report) {
    return report.statuses().entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining("  "));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
