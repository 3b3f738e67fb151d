package heddle.proxy.listener;

import heddle.proxy.http.HcmConfig;
import heddle.proxy.tcp.TcpProxyConfig;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A listener as the control plane wants it.
 *
 * @param name unique in the sidecar
 * @param address where to bind; an IP literal
 * @param port 0 lets the kernel choose (tests)
 * @param bind false: a virtual listener that only names filter chains
 * @param inbound whether it takes traffic that comes to the pod
 * @param originalDestination whether the destination before a redirect decides the chain
 * @param inspectTls whether server names can be seen
 * @param chains in configuration order
 * @param fallback for connections that no chain matches; null: they are closed
 */
public record ListenerConfig(
    String name,
    String address,
    int port,
    boolean bind,
    boolean inbound,
    boolean originalDestination,
    boolean inspectTls,
    List<Chain> chains,
    @Nullable Chain fallback) {

  public ListenerConfig {
    chains = List.copyOf(chains);
  }

  /** The route configurations that the listener asks for. */
  public Set<String> routeNames() {
    var names = new TreeSet<String>();
    chains.forEach(chain -> chain.handler().addRouteName(names));
    if (fallback != null) {
      fallback.handler().addRouteName(names);
    }
    return names;
  }

  /** A filter chain: which connections it takes, and what becomes of them. */
  public record Chain(Match match, Handler handler) {}

  /**
   * Which connections a chain takes; an empty criterion takes all, a more specific one wins.
   *
   * @param destinationPort 0: any
   * @param destinations CIDR ranges
   * @param serverNames lower case; {@code *.x} takes subdomains
   * @param transportProtocol {@code tls}, {@code raw_buffer} or empty
   */
  public record Match(
      int destinationPort,
      List<Cidr> destinations,
      List<String> serverNames,
      String transportProtocol) {
    public Match {
      destinations = List.copyOf(destinations);
      serverNames = List.copyOf(serverNames);
    }

    boolean needsInspection() {
      return !serverNames.isEmpty() || !transportProtocol.isEmpty();
    }
  }

  /** What becomes of a connection. */
  public sealed interface Handler {
    private void addRouteName(Set<String> names) {
      if (this instanceof Http(var http)) {
        String name = http.routeName();
        if (name != null) {
          names.add(name);
        }
      }
    }

    /** HTTP. */
    record Http(HcmConfig config) implements Handler {}

    /** Bytes are passed on. */
    record Tcp(TcpProxyConfig config) implements Handler {}
  }
}
