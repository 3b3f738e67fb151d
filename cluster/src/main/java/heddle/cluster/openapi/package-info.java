/**
 * The OpenAPI documents that clients build patches and explanations from. {@link OpenApi} is the
 * public face; the HTTP server is its caller.
 */
@NullMarked
package heddle.cluster.openapi;

import org.jspecify.annotations.NullMarked;
