/**
 * Tells clients what is served: {@link Discovery} writes the legacy lists and the aggregated form
 * from the registry. The HTTP server is its caller.
 */
@NullMarked
package heddle.cluster.discovery;

import org.jspecify.annotations.NullMarked;
