package heddle.cluster.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.cluster.controller.deployment.RollingUpdate.Size;
import heddle.cluster.controller.deployment.RollingUpdate.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollingUpdateTest {

  private static final RollingUpdate QUARTER = new RollingUpdate(4, 1, 1);

  @Test
  void surgesRoundUpAndUnavailabilityRoundsDown() throws Exception {
    RollingUpdate update =
        RollingUpdate.of(
            new ObjectMapper()
                .readTree(
                    """
                    {"replicas": 5, "strategy": {"rollingUpdate":
                      {"maxSurge": "25%", "maxUnavailable": "25%"}}}
                    """));

    assertThat(update).isEqualTo(new RollingUpdate(5, 2, 1));
  }

  @Test
  void oneReplicaGetsItsSuccessorBeforeItGoes() throws Exception {
    RollingUpdate update = RollingUpdate.of(new ObjectMapper().readTree("{\"replicas\": 1}"));
    Size old = new Size("old", 1, 1, 1, 1);

    assertThat(update.newSize(size("new", 0, 0), List.of(old))).isEqualTo(1);
    assertThat(update.shrink(size("new", 1, 0), List.of(old))).isEmpty();
    assertThat(update.shrink(size("new", 1, 1), List.of(old))).containsExactly(new Step("old", 0));
  }

  @Test
  void noSurgeAndNoUnavailabilityStillMoves() throws Exception {
    RollingUpdate update =
        RollingUpdate.of(
            new ObjectMapper()
                .readTree(
                    """
                    {"replicas": 2, "strategy": {"rollingUpdate":
                      {"maxSurge": 0, "maxUnavailable": 0}}}
                    """));

    assertThat(update).isEqualTo(new RollingUpdate(2, 0, 1));
  }

  @Test
  void theNewSetGrowsOnlyAsFarAsTheSurgeAllows() {
    assertThat(QUARTER.newSize(size("new", 0, 0), List.of(size("old", 4, 4)))).isEqualTo(1);
    assertThat(QUARTER.newSize(size("new", 1, 0), List.of(size("old", 4, 4)))).isEqualTo(1);
    assertThat(QUARTER.newSize(size("new", 1, 1), List.of(size("old", 3, 3)))).isEqualTo(2);
  }

  @Test
  void aSmallerDeploymentShrinksItsNewSet() {
    assertThat(QUARTER.newSize(size("new", 6, 6), List.of())).isEqualTo(4);
  }

  @Test
  void unhealthyOldPodsGoFirstAndCostNoAvailability() {
    assertThat(QUARTER.shrink(size("new", 1, 1), List.of(new Size("old", 1, 4, 4, 2))))
        .containsExactly(new Step("old", 2));
  }

  @Test
  void healthyOldPodsGoOnlyWhileEnoughAreAvailable() {
    assertThat(QUARTER.shrink(size("new", 1, 0), List.of(size("old", 4, 4))))
        .containsExactly(new Step("old", 3));
    assertThat(QUARTER.shrink(size("new", 1, 0), List.of(size("old", 3, 3)))).isEmpty();
  }

  private static Size size(String name, int wanted, int available) {
    return new Size(name, name.equals("new") ? 2 : 1, wanted, wanted, available);
  }
}
