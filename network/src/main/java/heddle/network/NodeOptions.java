package heddle.network;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What distinguishes one cluster's network from another's.
 *
 * @param cluster id of the cluster; names threads
 * @param directory a directory of the cluster's own, in which {@code netns/POD_UID} names each
 *     pod's namespace; made when absent
 * @param pods network out of which each pod gets an address (10.244.0.0/16)
 * @param services network of the service addresses; its .10 is the name server (10.96.0.0/12)
 * @param loadBalancers loopback network of the load balancers' addresses (127.66.0.0/16)
 * @param resolvers name servers of the host, asked for names outside the cluster; may be empty
 */
public record NodeOptions(
    String cluster,
    Path directory,
    Cidr pods,
    Cidr services,
    Cidr loadBalancers,
    List<InetSocketAddress> resolvers) {

  public NodeOptions {
    resolvers = List.copyOf(resolvers);
    if (!cluster.matches("[a-z0-9][a-z0-9.-]*")) {
      throw new IllegalArgumentException(
          "cluster " + cluster + " (expected: lower case letters, digits, dots and dashes)");
    }
  }

  /** Kubernetes' usual networks, and the resolvers of the host's {@code /etc/resolv.conf}. */
  public static NodeOptions of(String cluster, Path directory) {
    return new NodeOptions(
        cluster,
        directory,
        Cidr.parse("10.244.0.0/16"),
        Cidr.parse("10.96.0.0/12"),
        Cidr.parse("127.66.0.0/16"),
        HostResolvers.read(Path.of("/etc/resolv.conf")));
  }
}
