/**
 * What {@code kubectl get} prints: objects as rows with the columns of their kind. {@link Tables}
 * is the public face; the HTTP server is its caller.
 */
@NullMarked
package heddle.cluster.table;

import org.jspecify.annotations.NullMarked;
