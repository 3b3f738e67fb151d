package heddle.network;

import java.net.Inet4Address;

/** Addresses that every node namespace has; they mean nothing outside of it. */
final class NodeAddresses {
  /** Gateway of the pods and source of probes, which sidecars leave alone. */
  static final Inet4Address NODE = Cidr.ipv4("169.254.1.1");

  /** Source of what enters pods through a service address or from the host; sidecars take it. */
  static final Inet4Address ENTRY = Cidr.ipv4("169.254.1.2");

  /**
   * Stands for the load balancers' loopback network on the way from a pod to the node, since
   * loopback addresses cannot travel there (out of RFC 6598's shared address space).
   */
  static final Cidr BALANCERS = Cidr.parse("100.66.0.0/16");

  private NodeAddresses() {}

  /** The address that stands for a load balancer's loopback address. */
  static Inet4Address standIn(Cidr loadBalancers, Inet4Address address) {
    return BALANCERS.at(Cidr.toInt(address) - Cidr.toInt(loadBalancers.address()));
  }
}
