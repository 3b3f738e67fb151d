package heddle.bench.proxy;

import static heddle.bench.proxy.Contestant.ENVOY;
import static heddle.bench.proxy.Contestant.HAPROXY;
import static heddle.bench.proxy.Contestant.HEDDLE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What Heddle wants to reach beside the others, and whether it did. */
final class Targets {
  /**
   * One of them.
   *
   * @param atLeast whether the figure must reach the bound, or else must not exceed it
   */
  record Target(String what, double figure, double bound, boolean atLeast) {
    boolean met() {
      return atLeast ? figure >= bound : figure <= bound;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-6s %-62s %8.2f  (target %s %.2f)",
          met() ? "met" : "MISSED",
          what,
          figure,
          atLeast ? ">=" : "<=",
          bound);
    }
  }

  private final Results results;
  private final List<Target> all = new ArrayList<>();

  private Targets(Results results) {
    this.results = results;
  }

  /** All of which both figures were measured. */
  static List<Target> of(Results results) {
    var targets = new Targets(results);
    targets.capacity();
    targets.latency();
    targets.hops();
    return List.copyOf(targets.all);
  }

  private void capacity() {
    for (Shape shape : results.capacityShapes()) {
      if (shape.hops() == 1) {
        boolean small = shape.bytes() <= 1024;
        ratio(shape, ENVOY, small ? 2.0 : 1.0);
        if (small) {
          ratio(shape, HAPROXY, 0.75);
        }
      }
    }
  }

  private void ratio(Shape shape, Contestant to, double bound) {
    results
        .ratio(HEDDLE, to, shape)
        .ifPresent(
            ratio ->
                all.add(
                    new Target(
                        shape.label() + ": requests per CPU-second, times " + to.label() + "'s",
                        ratio,
                        bound,
                        true)));
  }

  private void latency() {
    for (var key : results.latencies().keySet()) {
      if (key.who() == HEDDLE && key.shape().hops() == 1) {
        OptionalDouble own = results.latency(HEDDLE, key.shape(), key.rate(), Latency::p99);
        OptionalDouble envoy = results.latency(ENVOY, key.shape(), key.rate(), Latency::p99);
        notAbove(key.shape().label() + ": ms p99 at " + key.rate() + "/s, and Envoy's", own, envoy);
      }
    }
  }

  private void hops() {
    for (var key : results.latencies().keySet()) {
      if (key.who() == HEDDLE && key.shape().hops() == 2) {
        notAbove(
            key.shape().label() + ": ms added to p99 at " + key.rate() + "/s, and by Envoys",
            added(HEDDLE, key),
            added(ENVOY, key));
      }
    }
  }

  private OptionalDouble added(Contestant who, Results.LatencyKey key) {
    OptionalDouble with = results.latency(who, key.shape(), key.rate(), Latency::p99);
    OptionalDouble without = results.latency(null, key.shape(), key.rate(), Latency::p99);
    return with.isPresent() && without.isPresent()
        ? OptionalDouble.of(with.getAsDouble() - without.getAsDouble())
        : OptionalDouble.empty();
  }

  private void notAbove(String what, OptionalDouble own, OptionalDouble bound) {
    if (own.isPresent() && bound.isPresent()) {
      all.add(new Target(what, own.getAsDouble(), bound.getAsDouble(), false));
    }
  }
}
