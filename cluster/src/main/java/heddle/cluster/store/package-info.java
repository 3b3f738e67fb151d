/**
 * Keeps every object on disk and tells watchers what changed. {@link Store} is the public face; the
 * operations on objects are its one caller. It knows keys, trees and revisions, and no kind.
 */
@NullMarked
package heddle.cluster.store;

import org.jspecify.annotations.NullMarked;
