package heddle.mesh.appmesh;

import heddle.manifest.Diagnostic;
import heddle.mesh.input.MeshInput;
import heddle.mesh.model.MeshModel;
import heddle.mesh.model.NodeSelector;
import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.ResourceStatus;
import heddle.resource.appmesh.VirtualGateway;
import heddle.resource.appmesh.VirtualNode;
import java.util.ArrayList;
import java.util.List;

/** Turns App Mesh's resources into the mesh model. Stateless. */
public final class AppMeshFrontEnd {

  /**
   * The model, which pods are which node, and what is to be said about the resources.
   *
   * @param work for the next time
   */
  public record Result(
      MeshModel model,
      List<NodeSelector> selectors,
      List<ResourceStatus> statuses,
      List<Diagnostic> diagnostics,
      Work work) {
    public Result {
      selectors = List.copyOf(selectors);
      statuses = List.copyOf(statuses);
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * Resources of other dialects are passed over.
   *
   * @param before of any earlier time; the result is the same without it, except that parts which
   *     are equal to parts of then are the same objects
   */
  public Result build(MeshInput input, Work before) {
    Findings findings = new Findings();
    MeshIndex index = new MeshIndex(input, findings);
    new TlsRefusal(index, findings).checkAll();
    index.register();
    Reuse reuse = new Reuse(before, index, findings);
    ServiceResolver services = new ServiceResolver(index, findings, reuse);
    services.resolveAll();
    Backends backends = new Backends(index, findings);
    backends.checkGroups();
    GatewayRoutes gatewayRoutes = new GatewayRoutes(index, findings);
    SidecarBuilder sidecars = new SidecarBuilder(index, services, backends, findings);
    GatewayBuilder gateways = new GatewayBuilder(index, services, gatewayRoutes, findings);

    List<ProxyNode> nodes = new ArrayList<>();
    List<NodeSelector> selectors = new ArrayList<>();
    for (VirtualNode node : index.members(VirtualNode.class)) {
      ProxyNode built = reuse.result(Question.Aspect.SIDECAR, node, () -> sidecars.build(node));
      nodes.add(built);
      selectors.add(
          new NodeSelector(
              built.id(),
              false,
              node.meta().namespace(),
              node.meta().name(),
              node.podSelector(),
              built.ports()));
    }
    for (VirtualGateway gateway : index.members(VirtualGateway.class)) {
      ProxyNode built = gateways.build(gateway);
      nodes.add(built);
      selectors.add(
          new NodeSelector(
              built.id(),
              true,
              gateway.meta().namespace(),
              gateway.meta().name(),
              gateway.podSelector(),
              built.ports()));
    }
    return new Result(
        new MeshModel(nodes),
        selectors,
        index.resources().stream().map(findings::status).toList(),
        findings.diagnostics(),
        reuse.work());
  }
}
