/**
 * A stock Envoy on this machine: where its binary is, and one process of it.
 *
 * <p>Called by {@code cli}, which runs Envoys in pods, and by tests that compare with Envoy. Public
 * face: {@link heddle.envoy.EnvoyBinary}, {@link heddle.envoy.EnvoyMissingException}, {@link
 * heddle.envoy.EnvoyProcess}.
 */
@NullMarked
package heddle.envoy;

import org.jspecify.annotations.NullMarked;
