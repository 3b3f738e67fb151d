/**
 * Namespaces, veths, nftables, DNS, service addresses and relays; opens sockets in pods.
 *
 * <p>Called by {@code cluster} (node agent, API server) and wired by {@code cli}. Public face:
 * {@link heddle.network.NodeNetwork} with its implementation {@link
 * heddle.network.LinuxNodeNetwork}, {@link heddle.network.NodeOptions}, {@link
 * heddle.network.Cidr}, {@link heddle.network.PodNetwork}, {@link heddle.network.Interception},
 * {@link heddle.network.ServiceForward}, {@link heddle.network.NameTable}, {@link
 * heddle.network.LoadBalancer}, {@link heddle.network.NodeThreadFactory}, {@link
 * heddle.network.NetworkException} and {@link heddle.network.NetworkJanitor}.
 */
@NullMarked
package heddle.network;

import org.jspecify.annotations.NullMarked;
