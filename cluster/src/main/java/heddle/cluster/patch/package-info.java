/**
 * Patches: {@link JsonPatch}, {@link MergePatch} and {@link StrategicMerge} compute a new tree;
 * {@link ServerSideApply} and {@link ManagedFields} also keep who owns which field. All are pure.
 */
@NullMarked
package heddle.cluster.patch;

import org.jspecify.annotations.NullMarked;
