package heddle.mesh.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket on which a proxy accepts.
 *
 * @param bind the address, such as {@code 0.0.0.0}
 * @param restoreDestination whether connections were redirected here, and their first destination
 *     decides
 * @param inspectTls whether a TLS client hello is looked at, for its server name
 * @param chains the first that matches best, by Envoy's rules, handles a connection
 */
public record ProxyListener(
    String name,
    String bind,
    int port,
    Direction direction,
    boolean restoreDestination,
    boolean inspectTls,
    List<Chain> chains,
    Provenance from) {

  public ProxyListener {
    chains = List.copyOf(chains);
  }

  /** Seen from the workload. */
  public enum Direction {
    INBOUND,
    OUTBOUND
  }

  /** What is done with some of the connections. */
  public record Chain(ChainMatch match, Handler handler, Provenance from) {}

  /**
   * Which connections.
   *
   * @param destinationPort the first destination's; null for any
   * @param anyAddress whether the address is matched explicitly, as 0.0.0.0/0
   * @param serverNames of a TLS client hello; empty for any
   */
  public record ChainMatch(
      @Nullable Integer destinationPort, boolean anyAddress, List<String> serverNames) {
    public ChainMatch {
      serverNames = List.copyOf(serverNames);
    }
  }

  /** How. */
  public sealed interface Handler {

    /**
     * Requests are routed.
     *
     * @param routeTable by name
     * @param normalizePaths whether paths are normalized and slashes merged
     * @param log null for none
     */
    record Http(
        String statPrefix, String routeTable, boolean normalizePaths, @Nullable RequestLog log)
        implements Handler {}

    /** Bytes are passed on. */
    record Tcp(String statPrefix, List<Share> shares, Timeout idle, @Nullable RequestLog log)
        implements Handler {
      public Tcp {
        shares = List.copyOf(shares);
      }
    }
  }
}
