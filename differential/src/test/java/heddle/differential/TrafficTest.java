package heddle.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Proves every scenario of {@code spec/traffic}. {@code -Dheddle.traffic.only=TEXT} runs those
 * whose name has the text in it; {@code -Dheddle.traffic.show=true} prints what Envoy does instead
 * of judging; {@code -Dheddle.traffic.seed=N} sets the embedded proxy's chance.
 */
class TrafficTest {
  private static final int DELIBERATE_DIFFERENCES = 5;
  private static final String ONLY = System.getProperty("heddle.traffic.only", "");
  private static final boolean SHOW = Boolean.getBoolean("heddle.traffic.show");

  private final Suite suite = Suite.ofThisMachine();

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  List<DynamicTest> bothDataPlanesDoAsTheScenarioSays() throws IOException {
    return new ScenarioReader()
        .readAll(ScenarioReader.ROOT).stream()
            .filter(scenario -> scenario.name().contains(ONLY))
            .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> prove(scenario)))
            .toList();
  }

  private void prove(Scenario scenario) {
    if (SHOW) {
      Suite.Pair pair = suite.run(scenario);
      Observation shown = pair.envoy() == null ? pair.embedded() : pair.envoy();
      String report = new Comparison(scenario, pair.embedded(), pair.envoy()).report();
      String judgement = report.isEmpty() ? "# both are as expected" : "# but:\n" + report;
      System.out.println("# " + scenario.name() + "\n" + Showing.of(shown) + judgement);
      return;
    }
    String report = suite.judge(scenario);
    assertThat(report)
        .as(
            "%s (seed %d)\n  %s\n  %s",
            scenario.name(), suite.seed(), scenario.folder(), scenario.why())
        .isEmpty();
  }

  @Test
  void deliberateDifferencesAreFew() throws IOException {
    List<String> differing =
        new ScenarioReader()
            .readAll(ScenarioReader.ROOT).stream()
                .filter(scenario -> !scenario.differs().isEmpty())
                .map(Scenario::name)
                .toList();
    assertThat(differing).hasSizeLessThanOrEqualTo(DELIBERATE_DIFFERENCES);
  }
}
