package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Which of a pod's containers start again after they ended ({@code spec.restartPolicy}). */
enum RestartPolicy {
  ALWAYS,
  ON_FAILURE,
  NEVER;

  static RestartPolicy of(ObjectNode pod) {
    return switch (pod.path("spec").path("restartPolicy").asText("Always")) {
      case "Never" -> NEVER;
      case "OnFailure" -> ON_FAILURE;
      default -> ALWAYS;
    };
  }

  /** Whether a container that has ended starts again. */
  boolean restarts(ContainerSlot ended) {
    return switch (ended.spec.role()) {
      case SIDECAR -> true;
      case INIT -> !ended.succeeded() && this != NEVER;
      case MAIN -> this == ALWAYS || (this == ON_FAILURE && !ended.succeeded());
    };
  }
}
