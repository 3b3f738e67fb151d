/**
 * AWS App Mesh's front end: its resources become the mesh model, named and laid out as App Mesh's
 * own control plane did. Called by {@code heddle.mesh}. Public face: {@link
 * heddle.mesh.appmesh.AppMeshFrontEnd} and {@link heddle.mesh.appmesh.Work}.
 */
@NullMarked
package heddle.mesh.appmesh;

import org.jspecify.annotations.NullMarked;
