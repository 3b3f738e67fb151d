package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where a container stands, as its status shows it. */
sealed interface ContainerState {

  /** Writes the state as Kubernetes' {@code ContainerState}. */
  void write(ObjectNode into);

  /**
   * Not running.
   *
   * @param reason {@code ContainerCreating}, {@code CrashLoopBackOff}…
   * @param message empty when the reason says it all
   */
  record Waiting(String reason, String message) implements ContainerState {
    @Override
    public void write(ObjectNode into) {
      ObjectNode waiting = into.putObject("waiting").put("reason", reason);
      if (!message.isEmpty()) {
        waiting.put("message", message);
      }
    }
  }

  /** Running. */
  record Running(Instant startedAt) implements ContainerState {
    @Override
    public void write(ObjectNode into) {
      into.putObject("running").put("startedAt", seconds(startedAt));
    }
  }

  /** Ended. */
  record Terminated(
      int exitCode,
      String reason,
      String message,
      Instant startedAt,
      Instant finishedAt,
      String containerId)
      implements ContainerState {
    @Override
    public void write(ObjectNode into) {
      ObjectNode terminated = into.putObject("terminated").put("exitCode", exitCode);
      terminated.put("reason", reason);
      if (!message.isEmpty()) {
        terminated.put("message", message);
      }
      terminated.put("startedAt", seconds(startedAt)).put("finishedAt", seconds(finishedAt));
      if (!containerId.isEmpty()) {
        terminated.put("containerID", containerId);
      }
    }

    boolean succeeded() {
      return exitCode == 0;
    }
  }

  static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
