package heddle.mesh;

import heddle.manifest.Diagnostic;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.input.Pod;
import heddle.mesh.model.ResourceStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A compiled mesh: immutable, and independent of which pods are there. */
public interface CompiledMesh {

  /** What every node is served, by node id, in a stable order. */
  Map<String, NodeConfig> nodes();

  /** One entry per resource that was given. */
  List<ResourceStatus> statuses();

  /** Everything found wrong or worth knowing, at the place of the field that caused it. */
  List<Diagnostic> diagnostics();

  /** Which node a pod is. */
  PodAssignment assign(String namespace, Map<String, String> podLabels);

  /**
   * The endpoints of every EDS cluster, from the pods that are there now. Cheap: to be called again
   * on every change of a pod, while the rest stays as it is.
   *
   * @return by cluster name; the same name means the same endpoints for every node, and {@link
   *     NodeConfig#edsClusters} says which of them a node needs
   */
  Map<String, ClusterLoadAssignment> endpoints(Collection<Pod> pods);
}
