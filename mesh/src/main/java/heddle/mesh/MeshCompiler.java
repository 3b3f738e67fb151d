package heddle.mesh;

import heddle.mesh.appmesh.AppMeshFrontEnd;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.emit.XdsEmitter;
import heddle.mesh.input.MeshInput;
import heddle.mesh.model.PodSource;
import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.Upstream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compiles resources of every dialect. Stateless; safe for any thread. */
public final class MeshCompiler {

  private final AppMeshFrontEnd appMesh = new AppMeshFrontEnd();

  /** Never throws for what a user wrote: that becomes statuses and diagnostics. */
  public CompiledMesh compile(MeshInput input) {
    AppMeshFrontEnd.Result result = appMesh.build(input);
    XdsEmitter emitter = new XdsEmitter();
    Map<String, NodeConfig> nodes = new LinkedHashMap<>();
    Map<String, PodSource> sources = new LinkedHashMap<>();
    for (ProxyNode node : result.model().nodes()) {
      nodes.put(node.id(), emitter.emit(node));
      for (Upstream upstream : node.upstreams()) {
        if (upstream.discovery() instanceof Upstream.Discovery.Pods(PodSource source)) {
          sources.put(upstream.name(), source);
        }
      }
    }
    return new CompiledMesh(
        result.model(),
        nodes,
        sources,
        result.selectors(),
        result.statuses(),
        result.diagnostics());
  }
}
