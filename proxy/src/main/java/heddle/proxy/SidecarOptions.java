package heddle.proxy;

import heddle.proxy.accesslog.LineSink;
import heddle.proxy.socket.SocketNamespace;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What makes a sidecar this one.
 *
 * @param node what ADS is told of it
 * @param namespace where its sockets are created
 * @param mark SO_MARK of its upstream sockets (needs CAP_NET_ADMIN); empty for none
 * @param nameServer who resolves DNS clusters' names; null: the platform's resolver configuration
 * @param admin where the admin interface listens; null: nowhere
 * @param log takes access log lines, on an event loop
 * @param ticker elapsed time
 * @param clock wall time
 * @param random all chance; used on the sidecar's event loop only
 * @param drainTime how long connections of removed listeners may go on
 */
public record SidecarOptions(
    Node node,
    SocketNamespace namespace,
    OptionalInt mark,
    @Nullable InetSocketAddress nameServer,
    @Nullable InetSocketAddress admin,
    LineSink log,
    Ticker ticker,
    InstantSource clock,
    RandomGenerator random,
    Duration drainTime) {

  /** Envoy's {@code --drain-time-s}. */
  public static final Duration DEFAULT_DRAIN_TIME = Duration.ofSeconds(600);

  /**
   * A sidecar on the system's clocks, in the calling thread's own namespace, without mark, name
   * server and admin interface.
   *
   * @param nodeId Envoy: {@code node.id}
   */
  public static SidecarOptions of(String nodeId, LineSink log, RandomGenerator random) {
    return new SidecarOptions(
        Node.newBuilder().setId(nodeId).build(),
        SocketNamespace.CURRENT,
        OptionalInt.empty(),
        null,
        null,
        log,
        Ticker.systemTicker(),
        InstantSource.system(),
        random,
        DEFAULT_DRAIN_TIME);
  }

  /** The same with another node description. */
  public SidecarOptions withNode(Node described) {
    return new SidecarOptions(
        described, namespace, mark, nameServer, admin, log, ticker, clock, random, drainTime);
  }

  /** The same in another namespace, with this mark on upstream sockets. */
  public SidecarOptions within(SocketNamespace pod, OptionalInt upstreamMark) {
    return new SidecarOptions(
        node, pod, upstreamMark, nameServer, admin, log, ticker, clock, random, drainTime);
  }

  /** The same with an admin interface. */
  public SidecarOptions withAdmin(InetSocketAddress address) {
    return new SidecarOptions(
        node, namespace, mark, nameServer, address, log, ticker, clock, random, drainTime);
  }

  /** The same with a name server. */
  public SidecarOptions withNameServer(InetSocketAddress server) {
    return new SidecarOptions(
        node, namespace, mark, server, admin, log, ticker, clock, random, drainTime);
  }
}
