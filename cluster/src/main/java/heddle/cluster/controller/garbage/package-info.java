/**
 * Deletes what its owners left behind, and carries out foreground and orphan deletion. Public:
 * {@link heddle.cluster.controller.garbage.GarbageCollector}.
 */
@NullMarked
package heddle.cluster.controller.garbage;

import org.jspecify.annotations.NullMarked;
