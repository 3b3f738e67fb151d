package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One container of a pod, as the manifest has it. */
record ContainerSpec(String name, String image, Role role, ObjectNode tree) {

  /** What a container is for. */
  enum Role {
    /** Must end well before the next starts. */
    INIT,
    /** An init container that keeps running ({@code restartPolicy: Always}). */
    SIDECAR,
    MAIN
  }

  static List<ContainerSpec> of(ObjectNode pod) {
    List<ContainerSpec> containers = new ArrayList<>();
    for (JsonNode tree : pod.path("spec").path("initContainers")) {
      boolean sidecar = tree.path("restartPolicy").asText().equals("Always");
      add(containers, tree, sidecar ? Role.SIDECAR : Role.INIT);
    }
    for (JsonNode tree : pod.path("spec").path("containers")) {
      add(containers, tree, Role.MAIN);
    }
    return containers;
  }

  private static void add(List<ContainerSpec> containers, JsonNode tree, Role role) {
    if (tree instanceof ObjectNode object) {
      containers.add(
          new ContainerSpec(
              object.path("name").asText(), object.path("image").asText(""), role, object));
    }
  }

  /** The field of the pod's spec that lists it, as events name it. */
  String list() {
    return role == Role.MAIN ? "containers" : "initContainers";
  }

  boolean has(String field) {
    return tree.has(field);
  }
}
