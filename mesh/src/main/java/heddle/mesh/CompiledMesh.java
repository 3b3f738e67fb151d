package heddle.mesh;

import heddle.manifest.Diagnostic;
import heddle.mesh.appmesh.AppMeshFrontEnd;
import heddle.mesh.emit.EndpointEmitter;
import heddle.mesh.emit.Endpoints;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.emit.XdsEmitter;
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

  private final AppMeshFrontEnd.Result frontEnd;
  private final XdsEmitter.Emitted emitted;
  private final Map<String, NodeConfig> nodes = new LinkedHashMap<>();
  private final Map<String, PodSource> sources;
  private final SelectorIndex selectors;

  CompiledMesh(
      AppMeshFrontEnd.Result frontEnd, XdsEmitter.Emitted emitted, Map<String, PodSource> sources) {
    this.frontEnd = frontEnd;
    this.emitted = emitted;
    emitted.nodes().forEach((id, node) -> nodes.put(id, node.config()));
    this.sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    this.selectors = new SelectorIndex(frontEnd.selectors());
  }

  AppMeshFrontEnd.Result frontEnd() {
    return frontEnd;
  }

  XdsEmitter.Emitted emitted() {
    return emitted;
  }

  /** The dialect-neutral mesh, with the provenance of every part. */
  public MeshModel model() {
    return frontEnd.model();
  }

  /** What every node is served, by node id, in a stable order. */
  public Map<String, NodeConfig> nodes() {
    return Collections.unmodifiableMap(nodes);
  }

  /** One entry per resource that was given. */
  public List<ResourceStatus> statuses() {
    return frontEnd.statuses();
  }

  /** Everything found wrong or worth knowing, at the place of the field that caused it. */
  public List<Diagnostic> diagnostics() {
    return frontEnd.diagnostics();
  }

  /**
   * Which node a pod is.
   *
   * @param podName only for messages; may be empty while a pod is being created
   */
  public PodAssignment assign(String namespace, String podName, Map<String, String> podLabels) {
    List<NodeSelector> found = selectors.finding(namespace, podLabels);
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
    return endpoints(pods, Endpoints.NONE).assignments();
  }

  /**
   * The same, with less work after a small change: an assignment whose pods have not changed since
   * is taken over, as the same object.
   *
   * @param before any earlier endpoints, of this mesh or another
   */
  public Endpoints endpoints(Collection<Pod> pods, Endpoints before) {
    return EndpointEmitter.emit(sources, pods, before);
  }
}
