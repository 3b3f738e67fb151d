package heddle.proxy.listener;

import heddle.proxy.http.HcmConfig;
import heddle.proxy.tcp.TcpProxyConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A listener as the control plane wants it.
 *
 * @param name unique in the sidecar
 * @param address where to bind; an IP literal
 * @param port 0 lets the kernel choose (tests)
 * @param statPrefix names its statistics; empty: its address does
 * @param bufferLimit bytes waiting for a slow client above which nothing more is read for it; 0:
 *     the transport's default
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
    String statPrefix,
    int bufferLimit,
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
    http().map(HcmConfig::routeName).filter(Objects::nonNull).forEach(names::add);
    return names;
  }

  /** How long it waits for them before it serves without; zero: for ever. */
  public Duration routesTimeout() {
    return http()
        .filter(http -> http.routeName() != null)
        .map(HcmConfig::routesTimeout)
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  private Stream<HcmConfig> http() {
    return Stream.concat(chains.stream(), Stream.ofNullable(fallback))
        .map(Chain::handler)
        .mapMulti(
            (handler, out) -> {
              if (handler instanceof Handler.Http(var config)) {
                out.accept(config);
              }
            });
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
    /** HTTP. */
    record Http(HcmConfig config) implements Handler {}

    /** Bytes are passed on. */
    record Tcp(TcpProxyConfig config) implements Handler {}
  }
}
