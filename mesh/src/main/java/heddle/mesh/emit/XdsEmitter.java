package heddle.mesh.emit;

import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.Upstream;
import java.util.List;

/** Turns a node of the model into Envoy v3 messages. Stateless; equal nodes give equal messages. */
public final class XdsEmitter {

  /** Everything that a node is served, endpoints excepted. */
  public NodeConfig emit(ProxyNode node) {
    List<String> eds =
        node.upstreams().stream()
            .filter(upstream -> upstream.discovery() instanceof Upstream.Discovery.Pods)
            .map(Upstream::name)
            .toList();
    return new NodeConfig(
        node.id(),
        node.owner(),
        node.listeners().stream().map(ListenerEmitter::emit).toList(),
        node.routeTables().stream().map(RouteEmitter::emit).toList(),
        node.upstreams().stream().map(ClusterEmitter::emit).toList(),
        eds);
  }
}
