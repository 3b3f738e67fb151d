package heddle.cluster.controller.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads a pod as Kubernetes' controllers read it. */
public final class PodFacts {

  private PodFacts() {}

  /** Neither finished nor being deleted: it counts towards a ReplicaSet's replicas. */
  public static boolean active(ObjectNode pod) {
    return !finished(pod) && !Metadata.deleting(pod);
  }

  /** Whether its containers have ended for good. */
  public static boolean finished(ObjectNode pod) {
    String phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  public static String phase(ObjectNode pod) {
    return pod.path("status").path("phase").asText("Pending");
  }

  /** The Ready condition is True. */
  public static boolean ready(ObjectNode pod) {
    return condition(pod, "Ready")
        .filter(condition -> condition.path("status").asText().equals("True"))
        .isPresent();
  }

  /** When the Ready condition last changed. */
  public static Optional<Instant> readySince(ObjectNode pod) {
    return condition(pod, "Ready")
        .map(condition -> condition.path("lastTransitionTime").asText(""))
        .filter(time -> !time.isEmpty())
        .map(Instant::parse);
  }

  /**
   * How long until a pod counts as available: it must have been ready for {@code minReady}.
   *
   * @return zero when it is available now, empty when it is not ready
   */
  public static Optional<Duration> untilAvailable(ObjectNode pod, Duration minReady, Instant now) {
    if (!ready(pod)) {
      return Optional.empty();
    }
    if (minReady.isZero()) {
      return Optional.of(Duration.ZERO);
    }
    Instant since = readySince(pod).orElse(now);
    Duration left = Duration.between(now, since.plus(minReady));
    return Optional.of(left.isNegative() ? Duration.ZERO : left);
  }

  /** The address, or empty while it has none. */
  public static String address(ObjectNode pod) {
    return pod.path("status").path("podIP").asText("");
  }

  public static int restarts(ObjectNode pod) {
    int restarts = 0;
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      restarts += container.path("restartCount").asInt();
    }
    return restarts;
  }

  private static Optional<JsonNode> condition(ObjectNode pod, String type) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }
}
