/**
 * Accepts connections and gives each to the filter chain that its destination asks for.
 *
 * <p>Called by the sidecar when listener configuration changes, on its event loop. Public face:
 * {@link heddle.proxy.listener.Listeners}, {@link heddle.proxy.listener.ListenerConfig}.
 */
@NullMarked
package heddle.proxy.listener;

import org.jspecify.annotations.NullMarked;
