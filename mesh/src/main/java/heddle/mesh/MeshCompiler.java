package heddle.mesh;

import heddle.mesh.appmesh.AppMeshFrontEnd;
import heddle.mesh.appmesh.Work;
import heddle.mesh.emit.XdsEmitter;
import heddle.mesh.input.MeshInput;
import heddle.mesh.model.PodSource;
import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.Upstream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles resources of every dialect. Stateless; safe for any thread. */
public final class MeshCompiler {

  private final AppMeshFrontEnd appMesh = new AppMeshFrontEnd();

  /** Never throws for what a user wrote: that becomes statuses and diagnostics. */
  public CompiledMesh compile(MeshInput input) {
    return compile(input, null);
  }

  /**
   * The same, with less work after a small change: nodes of an earlier mesh whose inputs have not
   * changed since are taken over, as the same objects. Resources that have not changed must be
   * given as the same objects for that.
   *
   * @param before any earlier mesh, or null; the result equals that without it
   */
  public CompiledMesh compile(MeshInput input, @Nullable CompiledMesh before) {
    AppMeshFrontEnd.Result result =
        appMesh.build(input, before == null ? Work.NONE : before.frontEnd().work());
    XdsEmitter emitter =
        new XdsEmitter(before == null ? XdsEmitter.Emitted.NOTHING : before.emitted());
    Map<String, PodSource> sources = new LinkedHashMap<>();
    for (ProxyNode node : result.model().nodes()) {
      emitter.emit(node);
      for (Upstream upstream : node.upstreams()) {
        if (upstream.discovery() instanceof Upstream.Discovery.Pods(PodSource source)) {
          sources.put(upstream.name(), source);
        }
      }
    }
    return new CompiledMesh(result, emitter.emitted(), sources);
  }
}
