package heddle.mesh;

import heddle.manifest.Diagnostic;
import heddle.mesh.emit.EndpointEmitter;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.input.Pod;
import heddle.mesh.model.MeshModel;
import heddle.mesh.model.NodeSelector;
import heddle.mesh.model.PodSource;
import heddle.mesh.model.ResourceStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A compiled mesh: immutable, and independent of which pods are there. */
public final class CompiledMesh {

  private final MeshModel model;
  private final Map<String, NodeConfig> nodes;
  private final Map<String, PodSource> sources;
  private final List<NodeSelector> selectors;
  private final List<ResourceStatus> statuses;
  private final List<Diagnostic> diagnostics;

  CompiledMesh(
      MeshModel model,
      Map<String, NodeConfig> nodes,
      Map<String, PodSource> sources,
      List<NodeSelector> selectors,
      List<ResourceStatus> statuses,
      List<Diagnostic> diagnostics) {
    this.model = model;
    this.nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    this.sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    this.selectors = List.copyOf(selectors);
    this.statuses = List.copyOf(statuses);
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** The dialect-neutral mesh, with the provenance of every part. */
  public MeshModel model() {
    return model;
  }

  /** What every node is served, by node id, in a stable order. */
  public Map<String, NodeConfig> nodes() {
    return nodes;
  }

  /** One entry per resource that was given. */
  public List<ResourceStatus> statuses() {
    return statuses;
  }

  /** Everything found wrong or worth knowing, at the place of the field that caused it. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /**
   * Which node a pod is.
   *
   * @param podName only for messages; may be empty while a pod is being created
   */
  public PodAssignment assign(String namespace, String podName, Map<String, String> podLabels) {
    List<NodeSelector> found =
        selectors.stream()
            .filter(selector -> selector.namespace().equals(namespace))
            .filter(selector -> selector.pods() != null && selector.pods().matches(podLabels))
            .toList();
    List<NodeSelector> sidecars = found.stream().filter(node -> !node.gateway()).toList();
    List<NodeSelector> gateways = found.stream().filter(NodeSelector::gateway).toList();
    if (sidecars.size() > 1) {
      return several("VirtualNodes", namespace, podName, sidecars);
    }
    if (gateways.size() > 1) {
      return several("VirtualGateways", namespace, podName, gateways);
    }
    if (found.size() == 2) {
      return new PodAssignment.Ambiguous(
          "sidecarInject enabled for both virtualNode "
              + sidecars.getFirst().name()
              + " and virtualGateway "
              + gateways.getFirst().name()
              + " on pod "
              + podName
              + ". Please use podSelector on one");
    }
    return found.isEmpty()
        ? new PodAssignment.None()
        : new PodAssignment.Assigned(
            found.getFirst().nodeId(), found.getFirst().gateway(), found.getFirst().ports());
  }

  private static PodAssignment several(
      String kinds, String namespace, String podName, List<NodeSelector> found) {
    return new PodAssignment.Ambiguous(
        "found multiple matching "
            + kinds
            + " for pod "
            + namespace
            + "/"
            + podName
            + ": "
            + found.stream().map(NodeSelector::name).collect(Collectors.joining(",")));
  }

  /**
   * The endpoints of every EDS cluster, from the pods that are there now. Cheap: to be called again
   * on every change of a pod, while the rest stays as it is.
   *
   * @return by cluster name; the same name means the same endpoints for every node, and {@link
   *     NodeConfig#edsClusters} says which of them a node needs
   */
  public Map<String, ClusterLoadAssignment> endpoints(Collection<Pod> pods) {
    return new EndpointEmitter().emit(sources, pods);
  }
}
