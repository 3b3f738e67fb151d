package heddle.proxy.listener;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a filter chain as Envoy does: port, then address, then server name, then transport
 * protocol; at each step the most specific criterion wins and the others are out for good.
 */
final class ChainMatcher {
  private ChainMatcher() {}

  /** The chains that are left after port and address. */
  static List<ActiveChain> byDestination(List<ActiveChain> chains, InetSocketAddress destination) {
    int port = destination.getPort();
    List<ActiveChain> left =
        prefer(
            chains,
            c -> c.match().destinationPort() == port,
            c -> c.match().destinationPort() == 0);
    int longest = -1;
    for (ActiveChain chain : left) {
      longest = Math.max(longest, length(chain, destination));
    }
    int wanted = longest;
    return prefer(
        left,
        c -> wanted >= 0 && length(c, destination) == wanted,
        c -> c.match().destinations().isEmpty());
  }

  private static int length(ActiveChain chain, InetSocketAddress destination) {
    int longest = -1;
    for (Cidr range : chain.match().destinations()) {
      if (range.contains(destination.getAddress())) {
        longest = Math.max(longest, range.length());
      }
    }
    return longest;
  }

  /** The one that is left after server name and transport protocol, or null. */
  static @Nullable ActiveChain byTls(
      List<ActiveChain> chains, @Nullable String serverName, boolean tls) {
    List<ActiveChain> left = byServerName(chains, serverName);
    String protocol = tls ? "tls" : "raw_buffer";
    left =
        prefer(
            left,
            c -> c.match().transportProtocol().equals(protocol),
            c -> c.match().transportProtocol().isEmpty());
    return left.isEmpty() ? null : left.getFirst();
  }

  private static List<ActiveChain> byServerName(
      List<ActiveChain> chains, @Nullable String serverName) {
    if (serverName != null) {
      String candidate = serverName;
      while (!candidate.isEmpty()) {
        String name = candidate;
        var found = chains.stream().filter(c -> c.match().serverNames().contains(name)).toList();
        if (!found.isEmpty()) {
          return found;
        }
        int dot = candidate.indexOf('.', candidate.startsWith("*.") ? 2 : 0);
        candidate = dot < 0 ? "" : "*" + candidate.substring(dot);
      }
    }
    return chains.stream().filter(c -> c.match().serverNames().isEmpty()).toList();
  }

  private static List<ActiveChain> prefer(
      List<ActiveChain> chains, Predicate<ActiveChain> specific, Predicate<ActiveChain> general) {
    var found = chains.stream().filter(specific).toList();
    return found.isEmpty() ? chains.stream().filter(general).toList() : found;
  }
}
