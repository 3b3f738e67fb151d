/**
 * Passes bytes between a client and a host of a cluster.
 *
 * <p>Called by {@code listener}. Public face: {@link heddle.proxy.tcp.TcpProxy}, {@link
 * heddle.proxy.tcp.TcpProxyConfig}.
 */
@NullMarked
package heddle.proxy.tcp;

import org.jspecify.annotations.NullMarked;
