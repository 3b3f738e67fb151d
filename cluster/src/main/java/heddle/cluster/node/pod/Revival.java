package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes over what a pod's status says about runs before this node agent started. */
final class Revival {
  private static final int UNKNOWN = 255;

  private Revival() {}

  static void of(ObjectNode pod, List<ContainerSlot> slots, Instant now) {
    for (ContainerSlot slot : slots) {
      find(pod, slot.spec).ifPresent(status -> take(slot, status, now));
    }
  }

  private static Optional<JsonNode> find(ObjectNode pod, ContainerSpec spec) {
    String list =
        spec.role() == ContainerSpec.Role.MAIN ? "containerStatuses" : "initContainerStatuses";
    for (JsonNode status : pod.path("status").path(list)) {
      if (status.path("name").asText().equals(spec.name())) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  private static void take(ContainerSlot slot, JsonNode status, Instant now) {
    slot.restarts = status.path("restartCount").asInt();
    slot.imageId = status.path("imageID").asText("");
    JsonNode state = status.path("state");
    if (state.has("terminated") && slot.spec.role() != ContainerSpec.Role.INIT) {
      slot.state = terminated(state.path("terminated"), now);
      slot.containerId = status.path("containerID").asText("");
      slot.ends = 1;
      slot.ended = true;
    } else if (state.has("running") || status.has("containerID")) {
      String since = state.path("running").path("startedAt").asText(now.toString());
      slot.last =
          new ContainerState.Terminated(
              UNKNOWN,
              "Unknown",
              "The cluster was stopped while the container ran",
              Instant.parse(since),
              now,
              status.path("containerID").asText(""));
      slot.ended = true;
    }
  }

  private static ContainerState.Terminated terminated(JsonNode state, Instant now) {
    return new ContainerState.Terminated(
        state.path("exitCode").asInt(),
        state.path("reason").asText("Error"),
        state.path("message").asText(""),
        Instant.parse(state.path("startedAt").asText(now.toString())),
        Instant.parse(state.path("finishedAt").asText(now.toString())),
        state.path("containerID").asText(""));
  }
}
