package heddle.network;

import java.io.IOException;
import java.net.Inet4Address;

/** Makes a pod's namespace and joins it to the node by one veth pair. */
final class PodSetup {
  private PodSetup() {}

  /**
   * Runs on a thread of the node, and leaves it there.
   *
   * @throws NetworkException when the kernel refuses; nothing is left behind
   */
  static Namespace make(
      Namespace node, Netlink netlink, NodeOptions options, Inet4Address address, String link)
      throws IOException {
    Namespace pod = null;
    try {
      pod = Namespace.create();
      NodeSetup.sysctl("ipv6/conf/default/disable_ipv6", "1");
      NodeSetup.sysctl("ipv4/conf/all/route_localnet", "1");
      try (Netlink inside = new Netlink()) {
        inside.up(inside.index("lo"));
        netlink.addVeth(link, "eth0", pod);
        int eth0 = inside.index("eth0");
        inside.addAddress(eth0, address, 32);
        inside.up(eth0);
        inside.addRoute(Cidr.host(NodeAddresses.NODE), eth0, null, null);
        inside.addRoute(Cidr.parse("0.0.0.0/0"), eth0, NodeAddresses.NODE, null);
      }
      Nft.apply(InterceptionRules.base(options.loadBalancers()));
      node.enter();
      int outside = netlink.index(link);
      netlink.up(outside);
      netlink.addRoute(Cidr.host(address), outside, null, NodeAddresses.NODE);
      return pod;
    } catch (IOException | RuntimeException e) {
      node.enter();
      if (pod != null) {
        pod.close(); // takes the veth pair with it
      }
      throw e;
    }
  }
}
