/** Namespaces, veths, nftables, DNS, service addresses and relays; opens sockets in pods. */
@NullMarked
package heddle.network;

import org.jspecify.annotations.NullMarked;
