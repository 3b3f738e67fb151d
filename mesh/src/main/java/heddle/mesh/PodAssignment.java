package heddle.mesh;

import java.util.List;

/** Which proxy configuration a pod gets. */
public sealed interface PodAssignment {

  /**
   * It is one node of the mesh.
   *
   * @param nodeId {@code mesh/MESH/virtualNode/NAME} or {@code mesh/MESH/virtualGateway/NAME}
   * @param gateway whether it is a gateway, which gets no interception
   * @param ports where the node listens: what the sidecar intercepts inbound
   */
  record Assigned(String nodeId, boolean gateway, List<Integer> ports) implements PodAssignment {
    public Assigned {
      ports = List.copyOf(ports);
    }
  }

  /** No node selects it. */
  record None() implements PodAssignment {}

  /** Several nodes select it; the message is the App Mesh controller's. */
  record Ambiguous(String message) implements PodAssignment {}
}
