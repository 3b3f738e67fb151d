/**
 * Envoy's admin interface of one sidecar.
 *
 * <p>Called by the sidecar. Public face: {@link heddle.proxy.admin.AdminServer}.
 */
@NullMarked
package heddle.proxy.admin;

import org.jspecify.annotations.NullMarked;
