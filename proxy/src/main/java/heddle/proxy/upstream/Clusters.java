package heddle.proxy.upstream;

import heddle.proxy.socket.SocketNamespace;
import heddle.proxy.socket.Transport;
import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Stats;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The clusters of one sidecar by name. Everything happens on the sidecar's event loop. */
public final class Clusters {
  private final Sockets sockets;
  private final Stats stats;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Map<String, Cluster> byName = new TreeMap<>();
  private final Counter added;
  private final Counter modified;
  private final Counter removed;
  private final Gauge active;

  /**
   * Where a sidecar's sockets come from.
   *
   * @param mark SO_MARK of upstream sockets; empty where that is not permitted or not needed
   * @param nameServer answers DNS clusters' names; null: the platform's
   */
  public record Sockets(
      EventLoop loop,
      Transport transport,
      SocketNamespace namespace,
      OptionalInt mark,
      @Nullable InetSocketAddress nameServer) {}

  public Clusters(Sockets sockets, Stats stats, Ticker ticker, RandomGenerator random) {
    this.sockets = sockets;
    this.stats = stats;
    this.ticker = ticker;
    this.random = random;
    added = stats.counter("cluster_manager.cluster_added");
    modified = stats.counter("cluster_manager.cluster_modified");
    removed = stats.counter("cluster_manager.cluster_removed");
    active = stats.gauge("cluster_manager.active_clusters");
  }

  /** The cluster of that name, or null. */
  public @Nullable Cluster get(String name) {
    return byName.get(name);
  }

  /** All clusters, by name. */
  public Collection<Cluster> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /**
   * Adds a cluster or replaces one whose configuration changed. The old one finishes its requests.
   */
  public void put(ClusterConfig config) {
    Cluster old = byName.get(config.name());
    if (old != null && old.config().equals(config)) {
      return;
    }
    var cluster = new Cluster(config, sockets, stats, ticker, random);
    if (old != null) {
      cluster.adopt(old);
      old.shutdown();
      modified.inc();
    } else {
      added.inc();
    }
    byName.put(config.name(), cluster);
    cluster.start();
    active.set(byName.size());
  }

  /** Removes a cluster; its requests in flight finish. */
  public void remove(String name) {
    Cluster old = byName.remove(name);
    if (old != null) {
      old.shutdown();
      removed.inc();
      active.set(byName.size());
    }
  }

  /** New endpoints under an EDS service name; whether any cluster uses it. */
  public boolean endpoints(String serviceName, List<ClusterConfig.Endpoint> endpoints) {
    boolean used = false;
    for (Cluster cluster : byName.values()) {
      if (cluster.config().discovery() instanceof ClusterConfig.Discovery.Eds(String name)
          && name.equals(serviceName)) {
        cluster.endpoints(endpoints);
        used = true;
      }
    }
    return used;
  }

  /** Closes everything. */
  public void close() {
    List.copyOf(byName.keySet()).forEach(this::remove);
  }
}
