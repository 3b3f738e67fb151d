/**
 * Turns any dialect into one mesh model, and the model into xDS; pure: no I/O, no clock, no thread.
 *
 * <p>Called by {@code control} (on every change of a cluster) and the CLI (on files). Public face:
 * {@link heddle.mesh.MeshCompiler} makes a {@link heddle.mesh.CompiledMesh} out of {@link
 * heddle.mesh.input.MeshInput}; {@link heddle.mesh.PodAssignment} says which node a pod is.
 *
 * <p>Below: {@code input} (what is compiled), {@code model} (the dialect-neutral mesh), {@code
 * appmesh} (one dialect's front end), {@code emit} (the only package that builds protobuf
 * messages).
 */
@NullMarked
package heddle.mesh;

import org.jspecify.annotations.NullMarked;
