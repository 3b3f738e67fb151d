package heddle.differential;

import heddle.envoy.EnvoyBinary;
import heddle.envoy.EnvoyMissingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Runs scenarios on both data planes at once.
 *
 * @param envoy null: there is none on this machine
 * @param seed of all chance in the embedded proxy
 */
record Suite(@Nullable EnvoyBinary envoy, long seed) {

  /** With the Envoy of this machine, if there is one; says loudly if there is not. */
  static Suite ofThisMachine() {
    long seed = Long.getLong("heddle.traffic.seed", 1);
    try {
      return new Suite(EnvoyBinary.find(System.getenv()), seed);
    } catch (EnvoyMissingException e) {
      if ("1".equals(System.getenv("HEDDLE_REQUIRE_ALL"))) {
        throw e;
      }
      System.err.println("SKIPPED: the comparison with Envoy: " + e.getMessage());
      return new Suite(null, seed);
    }
  }

  /** What was seen on both; Envoy's is null if there is none. */
  record Pair(Observation embedded, @Nullable Observation envoy) {}

  Pair run(Scenario scenario) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Observation> ours =
          start(threads, scenario, "embedded", control -> new EmbeddedPlane(control, seed));
      EnvoyBinary binary = envoy;
      CompletableFuture<Observation> its =
          binary == null
              ? CompletableFuture.completedFuture(null)
              : start(threads, scenario, "envoy", control -> new EnvoyPlane(binary, control));
      return new Pair(ours.join(), its.join());
    }
  }

  private static CompletableFuture<Observation> start(
      ExecutorService threads, Scenario scenario, String who, Leg.Starter starter) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Leg.run(scenario, starter);
          } catch (Exception e) {
            throw new CompletionException(
                scenario.name() + " on " + who + ": " + e.getMessage(), e);
          }
        },
        threads);
  }

  /** What is wrong with a scenario; empty if nothing is. */
  String judge(Scenario scenario) {
    Pair pair = run(scenario);
    return new Comparison(scenario, pair.embedded(), pair.envoy()).report();
  }
}
