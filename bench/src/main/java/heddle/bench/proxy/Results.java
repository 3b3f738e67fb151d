package heddle.bench.proxy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What was measured, of all rounds. The figure of several rounds is their median. */
final class Results {
  /** Megabytes resident, one hop: before the first request, and after everything. */
  record Memory(double idle, double loaded) {}

  /** A shape at a rate; {@code who} null is the origin without a proxy. */
  record LatencyKey(@Nullable Contestant who, Shape shape, int rate) {}

  record CapacityKey(Contestant who, Shape shape) {}

  private final Map<CapacityKey, List<Capacity>> capacities = new LinkedHashMap<>();
  private final Map<LatencyKey, List<Latency>> latencies = new LinkedHashMap<>();
  private final Map<Contestant, Memory> memory = new EnumMap<>(Contestant.class);

  void add(CapacityKey key, Capacity measured) {
    capacities.computeIfAbsent(key, k -> new ArrayList<>()).add(measured);
  }

  void add(LatencyKey key, Latency measured) {
    latencies.computeIfAbsent(key, k -> new ArrayList<>()).add(measured);
  }

  void add(Contestant who, Memory measured) {
    memory.put(who, measured);
  }

  Map<CapacityKey, List<Capacity>> capacities() {
    return capacities;
  }

  Map<LatencyKey, List<Latency>> latencies() {
    return latencies;
  }

  Map<Contestant, Memory> memory() {
    return memory;
  }

  /** Shapes whose capacity was measured, in order. */
  List<Shape> capacityShapes() {
    return capacities.keySet().stream().map(CapacityKey::shape).distinct().toList();
  }

  OptionalDouble capacity(Contestant who, Shape shape, ToDoubleFunction<Capacity> figure) {
    return median(capacities.getOrDefault(new CapacityKey(who, shape), List.of()), figure);
  }

  OptionalDouble latency(
      @Nullable Contestant who, Shape shape, int rate, ToDoubleFunction<Latency> figure) {
    return median(latencies.getOrDefault(new LatencyKey(who, shape, rate), List.of()), figure);
  }

  /** How many times as much work one does with a second of CPU as another. */
  OptionalDouble ratio(Contestant who, Contestant to, Shape shape) {
    OptionalDouble a = capacity(who, shape, Capacity::perCpuSecond);
    OptionalDouble b = capacity(to, shape, Capacity::perCpuSecond);
    return a.isPresent() && b.isPresent()
        ? OptionalDouble.of(a.getAsDouble() / b.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Requests that failed, anywhere. */
  long failures() {
    return capacities.values().stream().flatMap(List::stream).mapToLong(Capacity::failures).sum()
        + latencies.values().stream().flatMap(List::stream).mapToLong(Latency::failures).sum();
  }

  static <T> OptionalDouble median(List<T> rounds, ToDoubleFunction<T> figure) {
    if (rounds.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1
            ? sorted[middle]
            : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow());
  }
}
