package heddle.proxy.stats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes statistics as Envoy's admin interface does. */
public final class StatsText {
  private static final double[] QUANTILES = {0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1};
  private static final String[] QUANTILE_NAMES = {
    "P0", "P25", "P50", "P75", "P90", "P95", "P99", "P99.5", "P99.9", "P100"
  };

  private record Tag(String label, Pattern pattern, int removed, int value) {}

  private static Tag tag(String label, String regex) {
    return new Tag(label, Pattern.compile(regex), 1, 2);
  }

  /** Group 1 leaves the name, group 2 becomes the label's value. */
  private static final List<Tag> TAGS =
      List.of(
          tag("envoy_response_code", "_rq(_(\\d{3}))$"),
          tag("envoy_response_code_class", "_rq(_(\\dxx))$"),
          tag("envoy_rds_route_config", "^http\\.[^.]+\\.rds\\.((.+)\\.)[^.]+$"),
          tag("envoy_cluster_name", "^cluster\\.((.+?(?:\\..+?\\.svc\\.cluster\\.local)?)\\.)"),
          tag("envoy_http_conn_manager_prefix", "^(?:listener\\..+?\\.)?http\\.((.+?)\\.)"),
          tag(
              "envoy_listener_address",
              "^listener\\.(((?:\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[[_a-fA-F0-9]*\\]|admin)"
                  + "(?:_\\d+)?)\\.?)"),
          tag("envoy_tcp_prefix", "^tcp\\.((.+?)\\.)\\w+?$"));

  private StatsText() {}

  /** {@code name: value} lines, sorted; histograms as Envoy summarises them. */
  public static String plain(Stats stats, Predicate<String> names, boolean usedOnly) {
    var lines = new TreeMap<String, String>();
    values(stats, names, usedOnly).forEach((name, value) -> lines.put(name, value.toString()));
    stats
        .histograms()
        .forEach(
            (name, histogram) -> {
              if (names.test(name) && !(usedOnly && histogram.count() == 0)) {
                lines.put(name, summary(histogram));
              }
            });
    var text = new StringBuilder();
    lines.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  /** Envoy's {@code ?format=json}: {@code {"stats":[{"name":…,"value":…}]}}. */
  public static String json(Stats stats, Predicate<String> names, boolean usedOnly) {
    var items = new ArrayList<String>();
    values(stats, names, usedOnly)
        .forEach(
            (name, value) ->
                items.add(
                    "{\"name\":\"%s\",\"value\":%d}"
                        .formatted(name.replace("\\", "\\\\").replace("\"", "\\\""), value)));
    return "{\"stats\":[" + String.join(",", items) + "]}";
  }

  private static Map<String, Long> values(Stats stats, Predicate<String> names, boolean usedOnly) {
    var values = new TreeMap<String, Long>();
    stats.counters().forEach((name, counter) -> values.put(name, counter.value()));
    stats.gauges().forEach((name, gauge) -> values.put(name, gauge.value()));
    values.entrySet().removeIf(e -> !names.test(e.getKey()) || (usedOnly && e.getValue() == 0));
    return values;
  }

  private static String summary(Histogram histogram) {
    if (histogram.count() == 0) {
      return "No recorded values";
    }
    var parts = new ArrayList<String>();
    for (int i = 0; i < QUANTILES.length; i++) {
      String value = number(histogram.quantile(QUANTILES[i]));
      parts.add(QUANTILE_NAMES[i] + "(nan," + value + ")");
    }
    return String.join(" ", parts);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%s", value);
  }

  /** The Prometheus text format, names and labels as Envoy's tag extraction gives them. */
  public static String prometheus(Stats stats, Predicate<String> names, boolean usedOnly) {
    Map<String, List<String>> families = new TreeMap<>();
    Map<String, String> types = new TreeMap<>();
    stats
        .counters()
        .forEach((n, c) -> sample(families, types, "counter", n, c.value(), names, usedOnly));
    stats
        .gauges()
        .forEach((n, g) -> sample(families, types, "gauge", n, g.value(), names, usedOnly));
    stats
        .histograms()
        .forEach(
            (n, h) -> {
              if (names.test(n) && !(usedOnly && h.count() == 0)) {
                var labels = new LinkedHashMap<String, String>();
                String family = family(n, labels);
                types.putIfAbsent(family, "histogram");
                families
                    .computeIfAbsent(family, f -> new ArrayList<>())
                    .addAll(buckets(family, labels, h));
              }
            });
    var text = new StringBuilder();
    families.forEach(
        (family, samples) -> {
          text.append("# TYPE ").append(family).append(' ').append(types.get(family)).append('\n');
          samples.forEach(line -> text.append(line).append('\n'));
        });
    return text.toString();
  }

  private static void sample(
      Map<String, List<String>> families,
      Map<String, String> types,
      String type,
      String name,
      long value,
      Predicate<String> names,
      boolean usedOnly) {
    if (!names.test(name) || (usedOnly && value == 0)) {
      return;
    }
    var labels = new LinkedHashMap<String, String>();
    String family = family(name, labels);
    types.putIfAbsent(family, type);
    families
        .computeIfAbsent(family, f -> new ArrayList<>())
        .add(family + render(labels) + " " + value);
  }

  private static List<String> buckets(
      String family, Map<String, String> labels, Histogram histogram) {
    var lines = new ArrayList<String>();
    long[] counts = histogram.counts();
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      var with = new LinkedHashMap<>(labels);
      with.put("le", i < Histogram.BOUNDS.length ? number(Histogram.BOUNDS[i]) : "+Inf");
      lines.add(family + "_bucket" + render(with) + " " + seen);
    }
    lines.add(family + "_sum" + render(labels) + " " + histogram.sum());
    lines.add(family + "_count" + render(labels) + " " + seen);
    return lines;
  }

  /** The Prometheus name of a statistic; its labels are put into {@code labels}. */
  static String family(String name, Map<String, String> labels) {
    String rest = name;
    for (Tag tag : TAGS) {
      Matcher matcher = tag.pattern().matcher(rest);
      if (matcher.find()) {
        String value = matcher.group(tag.value());
        boolean isClass = tag.label().equals("envoy_response_code_class");
        labels.put(tag.label(), isClass ? value.substring(0, 1) : value);
        String kept = isClass ? "_xx" : "";
        rest =
            rest.substring(0, matcher.start(tag.removed()))
                + kept
                + rest.substring(matcher.end(tag.removed()));
      }
    }
    return "envoy_" + rest.replaceAll("[^A-Za-z0-9_]", "_");
  }

  private static String render(Map<String, String> labels) {
    var parts = new ArrayList<String>();
    labels.forEach(
        (key, value) ->
            parts.add(key + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
    return "{" + String.join(",", parts) + "}";
  }
}
