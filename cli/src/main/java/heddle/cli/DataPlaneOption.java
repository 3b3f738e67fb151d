package heddle.cli;

import heddle.control.inject.DataPlane;
import heddle.envoy.EnvoyBinary;
import heddle.envoy.EnvoyMissingException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --data-plane}, for the verbs that start a cluster. */
final class DataPlaneOption {

  private enum Kind {
    embedded(DataPlane.EMBEDDED),
    envoy(DataPlane.ENVOY);

    private final DataPlane plane;

    Kind(DataPlane plane) {
      this.plane = plane;
    }
  }

  @Option(
      names = "--data-plane",
      paramLabel = "KIND",
      description = {
        "What carries the traffic of pods that do not choose by annotation: embedded, or envoy for "
            + "a real Envoy in each, found by HEDDLE_ENVOY or on the PATH. "
            + "A cluster keeps what it was started with (default: embedded)."
      })
  private @Nullable Kind kind;

  /** What the user asked for; null for nothing. */
  @Nullable DataPlane asked() {
    return kind == null ? null : kind.plane;
  }

  /**
   * Makes sure that what a cluster is to run on is there.
   *
   * @throws CommandFailure if it is not
   */
  static void check(DataPlane plane) {
    if (plane == DataPlane.ENVOY) {
      try {
        EnvoyBinary.find(System.getenv());
      } catch (EnvoyMissingException e) {
        throw CommandFailure.environment("data plane envoy: " + e.getMessage());
      }
    }
  }
}
