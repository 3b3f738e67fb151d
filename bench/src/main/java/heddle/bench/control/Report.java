package heddle.bench.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.bench.machine.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured, as a table for a terminal and as JSON for programs. */
final class Report {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double TARGET_MILLIS = 500;
  private static final double TARGET_MEGABYTES = 1024;

  private final Machine machine;
  private final String settings;
  private final List<Run> runs = new ArrayList<>();
  private final Map<String, List<Double>> parts = new LinkedHashMap<>();
  private final StringBuilder out = new StringBuilder();

  /**
   * One control plane with one kind of sidecars.
   *
   * @param start milliseconds until it served
   * @param connect milliseconds until all sidecars had everything
   * @param endpointsCpu milliseconds of CPU time per change, all of its threads
   * @param wrong responses that came and should not have, or the other way round
   * @param resident megabytes at the end
   * @param peak megabytes at most
   */
  record Run(
      Subscriber.Protocol protocol,
      int connections,
      double start,
      double connect,
      List<Changes.Sample> endpoints,
      double endpointsCpu,
      List<Changes.Sample> routes,
      double routesCpu,
      List<Changes.Sample> everything,
      int wrong,
      double resident,
      double peak) {}

  Report(Machine machine, String settings) {
    this.machine = machine;
    this.settings = settings;
  }

  void add(Run run) {
    runs.add(run);
  }

  void parts(Map<String, List<Double>> measured) {
    parts.putAll(measured);
  }

  int wrongResponses() {
    return runs.stream().mapToInt(Run::wrong).sum();
  }

  String text() {
    line("%s", machine.description());
    line("%s", settings);
    line("Included: the API server's write (SQLite, fsync) and watch, caches, compilation,");
    line("publication, ADS over loopback TCP, the sidecars' acknowledgement. Not: TLS, tokens,");
    line("webhooks. Status conditions are written meanwhile, as ever.");
    line("%nMilliseconds since the change was sent to the API");
    line(
        "%-30s %8s | %7s | %7s | %7s %7s %7s | %8s",
        "", "sidecars", "stored", "first", "last", "", "", "CPU ms");
    line(
        "%-30s %8s | %7s | %7s | %7s %7s %7s | %8s",
        "", "p50", "p50", "p50", "p50", "p99", "worst", "/change");
    for (Run run : runs) {
      row(run.protocol + " endpoints", run.endpoints, run.endpointsCpu);
      row(run.protocol + " routes", run.routes, run.routesCpu);
      row(run.protocol + " everything", run.everything, Double.NaN);
    }
    line("%nThe control plane's process");
    line(
        "%-30s %10s %12s %12s %10s %10s %8s",
        "", "start, s", "connect, s", "connections", "RSS, MB", "peak, MB", "wrong");
    for (Run run : runs) {
      line(
          "%-30s %10.1f %12.1f %12d %10.0f %10.0f %8d",
          run.protocol,
          run.start / 1000,
          run.connect / 1000,
          run.connections,
          run.resident,
          run.peak,
          run.wrong);
    }
    line("(wrong: responses to sidecars that a change does not concern, and missing ones)");
    line("%nThe work piece by piece, nobody connected, ms%31s %10s", "median", "worst");
    parts.forEach(
        (part, millis) ->
            line("  %-62s %10.1f %10.1f", part, quantile(millis, 0.5), quantile(millis, 1)));
    line("%nTargets");
    for (Run run : runs) {
      double p99 = of(run.endpoints, 0.99, Changes.Sample::last);
      line(
          "  %-5s endpoints acknowledged by all who need them, p99 %.0f ms (<= %.0f): %s",
          run.protocol, p99, TARGET_MILLIS, p99 <= TARGET_MILLIS ? "met" : "missed");
      line(
          "  %-5s peak resident memory %.0f MB (< %.0f): %s",
          run.protocol, run.peak, TARGET_MEGABYTES, run.peak < TARGET_MEGABYTES ? "met" : "missed");
    }
    return out.toString();
  }

  private void row(String name, List<Changes.Sample> samples, double cpu) {
    line(
        "%-30s %8.0f | %7.1f | %7.1f | %7.1f %7.1f %7.1f | %8s",
        name + ", " + samples.size(),
        of(samples, 0.5, Changes.Sample::sidecars),
        of(samples, 0.5, Changes.Sample::stored),
        of(samples, 0.5, Changes.Sample::first),
        of(samples, 0.5, Changes.Sample::last),
        of(samples, 0.99, Changes.Sample::last),
        of(samples, 1, Changes.Sample::last),
        Double.isNaN(cpu) ? "-" : String.format(Locale.ROOT, "%.1f", cpu));
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static double of(
      List<Changes.Sample> samples, double quantile, ToDoubleFunction<Changes.Sample> figure) {
    return quantile(samples.stream().map(figure::applyAsDouble).toList(), quantile);
  }

  /** The smallest value that so large a part of the values does not exceed. */
  static double quantile(List<Double> values, double quantile) {
    List<Double> sorted = values.stream().sorted().toList();
    int rank = (int) Math.ceil(quantile * sorted.size());
    return sorted.isEmpty() ? Double.NaN : sorted.get(Math.max(rank, 1) - 1);
  }

  String json() {
    ObjectNode root = MAPPER.createObjectNode();
    root.putObject("machine")
        .put("cpu", machine.cpu())
        .put("cores", machine.cores())
        .put("kernel", machine.kernel())
        .put("jdk", machine.jdk())
        .put("loadBefore", machine.load());
    root.put("settings", settings);
    var list = root.putArray("runs");
    for (Run run : runs) {
      ObjectNode one = list.addObject().put("protocol", run.protocol.name());
      one.put("connections", run.connections).put("wrongResponses", run.wrong);
      one.put("startMillis", run.start).put("connectMillis", run.connect);
      one.put("residentMegabytes", run.resident).put("peakResidentMegabytes", run.peak);
      one.put("endpointsCpuMillis", run.endpointsCpu).put("routesCpuMillis", run.routesCpu);
      samples(one, "endpoints", run.endpoints);
      samples(one, "routes", run.routes);
      samples(one, "everything", run.everything);
    }
    var pieces = root.putObject("partsMillis");
    parts.forEach(
        (part, millis) -> {
          var array = pieces.putArray(part);
          millis.forEach(array::add);
        });
    return root.toPrettyString() + "\n";
  }

  private static void samples(ObjectNode node, String name, List<Changes.Sample> samples) {
    var array = node.putArray(name);
    for (Changes.Sample sample : samples) {
      array
          .addObject()
          .put("sidecars", sample.sidecars())
          .put("storedMillis", sample.stored())
          .put("firstMillis", sample.first())
          .put("lastMillis", sample.last());
    }
  }
}
