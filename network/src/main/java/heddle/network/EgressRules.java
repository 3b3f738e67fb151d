package heddle.network;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which connections leave the cluster, and so go to the relay that dials them from the host. */
final class EgressRules {
  /** Never relayed: this machine, link-local (a cloud's metadata), multicast and beyond. */
  private static final List<String> NOWHERE =
      List.of("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3");

  private EgressRules() {}

  /** The rules for connections from pods. */
  static String script(NodeOptions options, InetSocketAddress relay) {
    String inside =
        Stream.concat(
                Stream.of(options.pods(), options.services(), NodeAddresses.BALANCERS)
                    .map(Cidr::toString),
                NOWHERE.stream())
            .collect(Collectors.joining(", "));
    return """
        table ip heddle {
          chain leaving {
            type nat hook prerouting priority -90;
            meta l4proto tcp ip saddr %s ip daddr != { %s } dnat to %s:%d
          }
        }
        """
        .formatted(options.pods(), inside, relay.getHostString(), relay.getPort());
  }
}
