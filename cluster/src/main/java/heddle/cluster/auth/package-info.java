/** Who is calling, and what they may do: certificates, tokens, RBAC. */
@NullMarked
package heddle.cluster.auth;

import org.jspecify.annotations.NullMarked;
