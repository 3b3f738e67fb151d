package heddle.mesh;

import heddle.mesh.input.MeshInput;

/** Compiles resources of every dialect. Implementations are stateless and safe for any thread. */
public interface MeshCompiler {

  /** Never throws for what a user wrote: that becomes statuses and diagnostics. */
  CompiledMesh compile(MeshInput input);
}
