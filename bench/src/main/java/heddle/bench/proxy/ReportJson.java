package heddle.bench.proxy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A report for programs: every round, nothing derived that cannot be derived again. */
final class ReportJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReportJson() {}

  static String of(Report report) {
    ObjectNode root = MAPPER.createObjectNode();
    var machine = root.putObject("machine");
    machine.put("cpu", report.machine().cpu()).put("cores", report.machine().cores());
    machine.put("kernel", report.machine().kernel()).put("jdk", report.machine().jdk());
    machine.put("loadBefore", report.machine().load());
    machine.put("pinned", report.cpus().pinned());
    var versions = root.putArray("versions");
    report.versions().forEach(versions::add);
    root.put("settings", report.settings());
    capacity(root, report.results());
    latency(root, report.results());
    var memory = root.putArray("memory");
    report
        .results()
        .memory()
        .forEach(
            (who, megabytes) ->
                memory
                    .addObject()
                    .put("proxy", who.label())
                    .put("idleMegabytes", megabytes.idle())
                    .put("loadedMegabytes", megabytes.loaded()));
    var targets = root.putArray("targets");
    for (var target : Targets.of(report.results())) {
      targets
          .addObject()
          .put("what", target.what())
          .put("figure", target.figure())
          .put(target.atLeast() ? "atLeast" : "atMost", target.bound())
          .put("met", target.met());
    }
    return root.toPrettyString() + "\n";
  }

  private static void capacity(ObjectNode root, Results results) {
    var list = root.putArray("capacity");
    results
        .capacities()
        .forEach(
            (key, rounds) -> {
              ObjectNode one = shape(list.addObject(), key.who().label(), key.shape());
              rounds(one, "requestsPerSecond", rounds, Capacity::perSecond);
              rounds(one, "requestsPerCpuSecond", rounds, Capacity::perCpuSecond);
              rounds(one, "failures", rounds, Capacity::failures);
            });
  }

  private static void latency(ObjectNode root, Results results) {
    var list = root.putArray("latencyMillis");
    results
        .latencies()
        .forEach(
            (key, rounds) -> {
              String who = key.who() == null ? "none" : key.who().label();
              ObjectNode one = shape(list.addObject(), who, key.shape());
              one.put("rate", key.rate());
              rounds(one, "p50", rounds, Latency::p50);
              rounds(one, "p90", rounds, Latency::p90);
              rounds(one, "p99", rounds, Latency::p99);
              rounds(one, "p99.9", rounds, Latency::p999);
              rounds(one, "max", rounds, Latency::max);
              rounds(one, "failures", rounds, Latency::failures);
            });
  }

  private static ObjectNode shape(ObjectNode node, String proxy, Shape shape) {
    return node.put("proxy", proxy)
        .put("method", shape.method())
        .put("bodyBytes", shape.bytes())
        .put("hops", shape.hops());
  }

  private static <T> void rounds(
      ObjectNode node, String name, List<T> rounds, ToDoubleFunction<T> figure) {
    var array = node.putArray(name);
    rounds.forEach(round -> array.add(figure.applyAsDouble(round)));
  }
}
