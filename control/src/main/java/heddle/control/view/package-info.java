/**
 * What the cluster holds that the mesh depends on: caches of every kind involved, and their
 * translation into the compiler's input. Used by {@code heddle.control} and its packages. Public:
 * {@link heddle.control.view.ClusterView}, {@link heddle.control.view.AppMeshKinds}.
 */
@NullMarked
package heddle.control.view;

import org.jspecify.annotations.NullMarked;
