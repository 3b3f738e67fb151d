/**
 * Turns xDS messages into the proxy's own configuration; the only place of the proxy that knows
 * protobuf. Refuses every field that is set and not supported, by name.
 *
 * <p>Called by the sidecar with what ADS delivers. Public face: {@link
 * heddle.proxy.applier.XdsApplier}, {@link heddle.proxy.applier.SupportedFields}.
 */
@NullMarked
package heddle.proxy.applier;

import org.jspecify.annotations.NullMarked;
