/**
 * What the compiler is given: resources, and what it must know of the cluster around them. Public
 * face: {@link heddle.mesh.input.MeshInput}, {@link heddle.mesh.input.KubernetesService}, {@link
 * heddle.mesh.input.Pod}.
 */
@NullMarked
package heddle.mesh.input;

import org.jspecify.annotations.NullMarked;
