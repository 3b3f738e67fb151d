package heddle.control.publish;

import heddle.control.view.ClusterView;
import heddle.kube.KubeObject;
import heddle.mesh.CompiledMesh;
import heddle.mesh.PodAssignment;
import heddle.xds.NodeName;
import heddle.xds.ads.NodeAssignment;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which node of the mesh a data plane is: for a pod's, the node whose selector finds the pod; for a
 * stock App Mesh Envoy, the node in its id; for anyone else, what {@code node.cluster} or else
 * {@code node.id} says.
 */
public final class PodSnapshots implements NodeAssignment {
  private final ClusterView view;
  private final Supplier<@Nullable CompiledMesh> mesh;

  /** The supplier gives the mesh compiled last; null before the first. */
  public PodSnapshots(ClusterView view, Supplier<@Nullable CompiledMesh> mesh) {
    this.view = view;
    this.mesh = mesh;
  }

  @Override
  public Optional<String> snapshotFor(Node node) {
    return switch (NodeName.parse(node.getId())) {
      case NodeName.OfPod pod -> ofPod(pod.namespace(), pod.pod());
      case NodeName.OfAppMesh(var id, var meshName, var type, var name) ->
          Optional.of("mesh/" + meshName + "/" + type + "/" + name);
      case NodeName.Other(var id) ->
          Optional.of(node.getCluster().isEmpty() ? id : node.getCluster());
    };
  }

  /** The node that a pod is; empty while the pod is unknown or no node's. */
  public Optional<String> ofPod(String namespace, String name) {
    Optional<KubeObject> pod = view.pod(namespace, name);
    CompiledMesh compiled = mesh.get();
    if (pod.isEmpty() || compiled == null) {
      return Optional.empty();
    }
    return switch (compiled.assign(namespace, name, pod.get().labels())) {
      case PodAssignment.Assigned assigned -> Optional.of(assigned.nodeId());
      case PodAssignment.None() -> Optional.empty();
      case PodAssignment.Ambiguous(var message) -> Optional.empty();
    };
  }
}
