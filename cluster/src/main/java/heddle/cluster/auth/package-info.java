/**
 * Who is calling, and what they may do: certificates, service account tokens, impersonation, RBAC,
 * and the reviews that answer questions about it.
 *
 * <p>The API server calls it for every request: {@link heddle.cluster.auth.ClusterAuthenticator},
 * {@link heddle.cluster.auth.Impersonation}, {@link heddle.cluster.auth.RbacAuthorizer}, {@link
 * heddle.cluster.auth.EscalationCheck}, {@link heddle.cluster.auth.AccessReviews}. The node agent
 * gets tokens for pods from {@link heddle.cluster.auth.ServiceAccountTokens}; whoever starts a
 * cluster calls {@link heddle.cluster.auth.DefaultRoles} and {@link
 * heddle.cluster.auth.KubeconfigWriter}.
 */
@NullMarked
package heddle.cluster.auth;

import org.jspecify.annotations.NullMarked;
