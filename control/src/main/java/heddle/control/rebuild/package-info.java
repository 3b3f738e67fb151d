/**
 * The one writer of the mesh: bursts of changes become one build, changes of endpoints overtake it.
 * Used by {@code heddle.control}. Public: {@link heddle.control.rebuild.RebuildLoop}, {@link
 * heddle.control.rebuild.MeshBuilder}.
 */
@NullMarked
package heddle.control.rebuild;

import org.jspecify.annotations.NullMarked;
