/**
 * The dialect-neutral mesh: what each proxy listens on, where it sends what, and how it guards the
 * way. Every part carries its {@link heddle.mesh.model.Provenance}. Front ends build it, {@code
 * emit} turns it into xDS. Public face: {@link heddle.mesh.model.MeshModel} and the records it is
 * made of.
 */
@NullMarked
package heddle.mesh.model;

import org.jspecify.annotations.NullMarked;
