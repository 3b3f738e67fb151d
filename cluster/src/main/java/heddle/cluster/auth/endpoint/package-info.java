/**
 * Serves over HTTP what {@code heddle.cluster.auth} answers: service account tokens and access
 * reviews. The API server is given {@link heddle.cluster.auth.endpoint.AuthEndpoint}.
 */
@NullMarked
package heddle.cluster.auth.endpoint;

import org.jspecify.annotations.NullMarked;
