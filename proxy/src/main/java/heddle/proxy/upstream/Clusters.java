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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The clusters of one sidecar by name. A new or changed cluster is warming until its hosts are
 * known and checked; meanwhile the one it replaces serves, or the name is unknown. Everything
 * happens on the sidecar's event loop. Semantics: Envoy's cluster warming.
 */
public final class Clusters {
  private final Sockets sockets;
  private final Stats stats;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Map<String, Cluster> byName = new TreeMap<>();
  private final Map<String, Cluster> warming = new TreeMap<>();
  private final Counter added;
  private final Counter modified;
  private final Counter removed;
  private final Gauge active;
  private final Gauge warmingCount;
  private Runnable whenWarm = () -> {};

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
    warmingCount = stats.gauge("cluster_manager.warming_clusters");
  }

  /** Whether a cluster is not ready to serve yet. */
  public boolean warming() {
    return !warming.isEmpty();
  }

  /** What to do each time when the last warming cluster is warm. */
  public void whenWarm(Runnable action) {
    whenWarm = action;
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
   * Adds a cluster or, once it is warm, replaces one whose configuration changed. The old one then
   * finishes its requests.
   */
  public void put(ClusterConfig config) {
    Cluster serving = byName.get(config.name());
    Cluster latest = warming.getOrDefault(config.name(), serving);
    if (latest != null && latest.config().equals(config)) {
      return;
    }
    stopWarming(config.name());
    if (serving == null || !serving.config().equals(config)) {
      (latest == null ? added : modified).inc();
      var cluster = new Cluster(config, sockets, stats, ticker, random);
      warming.put(config.name(), cluster);
      cluster.start(() -> serve(cluster));
    }
    count();
  }

  private void serve(Cluster warm) {
    warming.remove(warm.config().name());
    Cluster old = byName.put(warm.config().name(), warm);
    if (old != null) {
      old.shutdown();
    }
    count();
    if (warming.isEmpty()) {
      whenWarm.run();
    }
  }

  /** Whether there was one. */
  private boolean stopWarming(String name) {
    Cluster superseded = warming.remove(name);
    if (superseded != null) {
      superseded.shutdown();
    }
    return superseded != null;
  }

  private void count() {
    active.set(byName.size());
    warmingCount.set(warming.size());
  }

  /** Removes a cluster; its requests in flight finish. */
  public void remove(String name) {
    boolean known = stopWarming(name);
    Cluster old = byName.remove(name);
    if (old != null) {
      old.shutdown();
      old.stats().retire();
    }
    if (known || old != null) {
      removed.inc();
      count();
    }
    if (known && warming.isEmpty()) {
      whenWarm.run();
    }
  }

  /** New endpoints under an EDS service name. */
  public void endpoints(String serviceName, List<ClusterConfig.Endpoint> endpoints) {
    // Collected first: a cluster that becomes warm by them moves to another map.
    using(serviceName).toList().forEach(cluster -> cluster.endpoints(endpoints));
  }

  /** Whether a cluster, warm or not, has its endpoints under this EDS service name. */
  public boolean uses(String serviceName) {
    return using(serviceName).findAny().isPresent();
  }

  private Stream<Cluster> using(String serviceName) {
    return Stream.concat(byName.values().stream(), warming.values().stream())
        .filter(
            cluster ->
                cluster.config().discovery() instanceof ClusterConfig.Discovery.Eds eds
                    && eds.serviceName().equals(serviceName));
  }

  /** Closes everything. */
  public void close() {
    whenWarm = () -> {};
    List.copyOf(warming.keySet()).forEach(this::remove);
    List.copyOf(byName.keySet()).forEach(this::remove);
  }
}
