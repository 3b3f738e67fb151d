package heddle.bench.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.bench.machine.Machine;
import heddle.bench.picture.LineChart;
import heddle.bench.picture.Series;
import heddle.bench.picture.Svg;
import java.util.List;
import java.util.Locale;

/**
 * What a soak came to.
 *
 * @param capacity requests per second, measured before
 * @param rate that was sent
 * @param samples from the beginning of the traffic on
 */
record Outcome(
    Machine machine,
    String what,
    double capacity,
    int rate,
    Traffic traffic,
    List<Sample> samples) {
  private static final double MEGA = 1024.0 * 1024.0;
  private static final int WIDTH = 860;
  private static final int HEIGHT = 220;

  /** Nothing failed, was refused or leaked, and the configuration did change. */
  boolean good() {
    Sample last = samples.getLast();
    return traffic.failures() == 0 && last.refused() == 0 && last.leaks() == 0;
  }

  String text() {
    Sample first = warm();
    Sample last = samples.getLast();
    var out = new StringBuilder();
    out.append(machine.description()).append('\n').append(what).append('\n');
    out.append(
        String.format(
            Locale.ROOT,
            """
            capacity %,.0f/s; sent %,d/s: %,d requests, %d failed
            configuration: %,d changes, %,d updates accepted, %d refused; leaks: %d
            %-34s %12s %12s
            %-34s %9.1f MB %9.1f MB
            %-34s %9.1f MB %9.1f MB
            %-34s %9.1f MB %9.1f MB
            """,
            capacity,
            rate,
            traffic.requests(),
            traffic.failures(),
            last.changes(),
            last.accepted(),
            last.refused(),
            last.leaks(),
            "memory",
            "warmed up",
            "at the end",
            "  resident",
            first.resident() / MEGA,
            last.resident() / MEGA,
            "  heap in use after a collection",
            first.heap() / MEGA,
            last.heap() / MEGA,
            "  buffers outside of the heap",
            first.direct() / MEGA,
            last.direct() / MEGA));
    traffic.details().forEach(detail -> out.append("FAILED: ").append(detail).append('\n'));
    return out.append(good() ? "good\n" : "NOT GOOD\n").toString();
  }

  /** After a quarter of the time everything is compiled and every pool has its size. */
  private Sample warm() {
    return samples.get(samples.size() / 4);
  }

  String json() {
    var root = new ObjectMapper().createObjectNode();
    root.put("machine", machine.description()).put("what", what).put("good", good());
    root.put("capacity", capacity).put("rate", rate);
    root.put("requests", traffic.requests()).put("failures", traffic.failures());
    var details = root.putArray("details");
    traffic.details().forEach(details::add);
    var list = root.putArray("samples");
    for (Sample sample : samples) {
      list.addObject()
          .put("second", sample.second())
          .put("resident", sample.resident())
          .put("heap", sample.heap())
          .put("direct", sample.direct())
          .put("changes", sample.changes())
          .put("accepted", sample.accepted())
          .put("refused", sample.refused())
          .put("leaks", sample.leaks());
    }
    var stretches = root.putArray("latencyMillis");
    for (var stretch : traffic.stretches()) {
      stretches
          .addObject()
          .put("second", stretch.second())
          .put("requests", stretch.requests())
          .put("p50", stretch.p50())
          .put("p99", stretch.p99())
          .put("max", stretch.max());
    }
    return root.toPrettyString() + "\n";
  }

  String picture() {
    var svg = new Svg(WIDTH);
    svg.heading(
        String.format(Locale.ROOT, "Memory in MB over seconds, at %,d requests per second", rate),
        what);
    var resident = new Series("resident", "#d1495b");
    var heap = new Series("heap in use after a collection", "#2b6cb0");
    var direct = new Series("buffers outside of the heap", "#2a9d5c");
    svg.legend(List.of(resident, heap, direct));
    var memory = new LineChart(false);
    double start = samples.getFirst().second();
    for (Sample sample : samples) {
      memory.add(resident, sample.second() - start, sample.resident() / MEGA);
      memory.add(heap, sample.second() - start, sample.heap() / MEGA);
      memory.add(direct, sample.second() - start, sample.direct() / MEGA);
    }
    memory.draw(svg, HEIGHT);
    svg.heading(
        "Latency in ms over seconds", "From when a request was due; every point is ten seconds");
    var p50 = new Series("p50", "#2b6cb0");
    var p99 = new Series("p99", "#d1495b");
    svg.legend(List.of(p50, p99));
    var latency = new LineChart(true);
    for (var stretch : traffic.stretches()) {
      latency.add(p50, stretch.second(), stretch.p50());
      latency.add(p99, stretch.second(), stretch.p99());
    }
    latency.draw(svg, HEIGHT);
    return svg.toString();
  }
}
