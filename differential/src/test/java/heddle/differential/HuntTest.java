package heddle.differential;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Draws scenarios by lot and plays them on both data planes. What it finds is made smaller and
 * written below {@code target/traffic-found}, ready to become a folder of {@code spec/traffic}.
 * {@code -Dheddle.traffic.hunt=500} draws so many, {@code -Dheddle.traffic.seed=N} others.
 */
class HuntTest {
  private static final int DRAWS = Integer.getInteger("heddle.traffic.hunt", 8);
  private static final int SHRINKING_STEPS = 40;
  private static final Path FOUND = Path.of("target", "traffic-found");

  private final Suite suite = Suite.ofThisMachine();

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> bothDataPlanesShowTheSameOfAnyScenario() {
    assumeTrue(suite.envoy() != null, "there is no Envoy to compare with");
    long first = suite.seed() * 1_000_000;
    return IntStream.range(0, DRAWS)
        .mapToObj(n -> DynamicTest.dynamicTest("seed " + (first + n), () -> hunt(first + n)));
  }

  /** A draw with what it came out as: jqwik knows both only within a session. */
  private record Drawn(Shrinkable<RandomScenario> source, String yaml) {
    Drawn(Shrinkable<RandomScenario> source) {
      this(source, source.value().yaml());
    }
  }

  private void hunt(long seed) throws IOException {
    Drawn drawn =
        inSession(() -> new Drawn(RandomScenario.any().generator(1000).next(new Random(seed))));
    if (judge(drawn).isEmpty() || judge(drawn).isEmpty()) {
      return; // what shows once in a while is a race between the upstream and the client
    }
    Drawn smallest = shrink(drawn);
    Path folder = Files.createDirectories(FOUND.resolve("seed-" + seed));
    Files.writeString(folder.resolve("scenario.yaml"), smallest.yaml());
    fail("seed %d, written to %s%n%s%n%s", seed, folder, smallest.yaml(), judge(smallest));
  }

  /** jqwik draws on one thread at a time, outside its own engine. */
  private static <T> T inSession(Supplier<T> drawing) {
    synchronized (JqwikSession.class) {
      AtomicReference<T> drawn = new AtomicReference<>();
      JqwikSession.run(() -> drawn.set(drawing.get()));
      return drawn.get();
    }
  }

  private Drawn shrink(Drawn found) {
    Drawn smallest = found;
    int left = SHRINKING_STEPS;
    boolean smaller = true;
    while (smaller && left > 0) {
      smaller = false;
      Drawn from = smallest;
      int most = left;
      for (Drawn next :
          inSession(() -> from.source().shrink().limit(most).map(Drawn::new).toList())) {
        left--;
        if (!judge(next).isEmpty()) {
          smallest = next;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  private String judge(Drawn drawn) {
    Scenario scenario = new ScenarioReader().read(FOUND, "drawn", drawn.yaml());
    try {
      return suite.judge(scenario);
    } catch (RuntimeException e) {
      return Optional.ofNullable(e.getMessage()).orElse(e.toString());
    }
  }
}
