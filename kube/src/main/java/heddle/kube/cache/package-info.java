/**
 * Keeps the objects of one kind at hand: lists, then watches, and lists again when the watch is too
 * old. Used by every controller. Public: {@link heddle.kube.cache.ResourceCache}.
 */
@NullMarked
package heddle.kube.cache;

import org.jspecify.annotations.NullMarked;
