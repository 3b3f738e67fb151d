package heddle.proxy.upstream;

import heddle.proxy.http1.HeadWriter;
import heddle.proxy.socket.Transport;
import heddle.proxy.stats.Stats;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One cluster at run time: its hosts, what protects them, and who picks one. */
public final class Cluster {
  private static final Duration ORIGINAL_DST_CLEANUP = Duration.ofSeconds(5);

  private final ClusterConfig config;
  private final Clusters.Sockets sockets;
  private final Ticker ticker;
  private final ClusterStats stats;
  private final Breakers breakers;
  private final Balancer balancer;
  private final Membership members;
  private final @Nullable OutlierDetector outlier;
  private final @Nullable HealthChecks healthChecks;
  private final HeadWriter heads = new HeadWriter();
  private final List<Future<?>> timers = new ArrayList<>();
  private @Nullable DnsDiscovery dns;
  private boolean discovered;
  private @Nullable Runnable whenWarm;
  private boolean everConnected;

  Cluster(
      ClusterConfig config,
      Clusters.Sockets sockets,
      Stats all,
      Ticker ticker,
      RandomGenerator random) {
    this.config = config;
    this.sockets = sockets;
    this.ticker = ticker;
    this.stats = new ClusterStats(all, config.name());
    breakers = Breakers.of(config, all);
    balancer = new Balancer(config, random, stats);
    members = new Membership(this, balancer);
    outlier =
        config.outlier() == null
            ? null
            : new OutlierDetector(
                config.name(),
                config.outlier(),
                members::hosts,
                members::healthChanged,
                all,
                ticker,
                random);
    healthChecks = config.healthChecks().isEmpty() ? null : new HealthChecks(this, all, random);
  }

  // ---- its life ----

  /**
   * Begins discovery and checks.
   *
   * @param warm called once, when discovery has answered and every host was checked: from then on
   *     the cluster can serve
   */
  void start(Runnable warm) {
    whenWarm = warm;
    switch (config.discovery()) {
      case ClusterConfig.Discovery.Fixed(var endpoints) -> endpoints(endpoints);
      case ClusterConfig.Discovery.Eds(var service, Duration patience) -> {
        if (patience.isPositive()) {
          timers.add(loop().schedule(this::discovered, patience.toNanos(), TimeUnit.NANOSECONDS));
        }
      }
      case ClusterConfig.Discovery.Dns names -> {
        dns = new DnsDiscovery(this, names, sockets);
        dns.start();
      }
      case ClusterConfig.Discovery.OriginalDestination() -> {
        every(ORIGINAL_DST_CLEANUP, members::dropUnused);
        discovered();
      }
    }
    if (outlier != null && config.outlier() != null) {
      every(config.outlier().interval(), outlier::sweep);
    }
    Duration idle = config.idleTimeout();
    if (!idle.isZero()) {
      long millis = Math.clamp(idle.toMillis() / 4, 50, 15_000);
      every(Duration.ofMillis(millis), this::closeIdle);
    }
  }

  private void every(Duration interval, Runnable task) {
    long nanos = interval.toNanos();
    timers.add(loop().scheduleAtFixedRate(task, nanos, nanos, TimeUnit.NANOSECONDS));
  }

  /** Whether it can serve. */
  boolean warm() {
    return whenWarm == null;
  }

  /** Discovery has said what it knows, or takes too long to wait for. */
  void discovered() {
    discovered = true;
    checked();
  }

  /** A health check has an outcome, or hosts are others: the cluster may be warm now. */
  void checked() {
    Runnable warm = whenWarm;
    if (warm != null
        && discovered
        && members.hosts().stream().noneMatch(Host::pendingActiveCheck)) {
      whenWarm = null;
      warm.run();
    }
  }

  void shutdown() {
    whenWarm = null;
    timers.forEach(timer -> timer.cancel(false));
    if (dns != null) {
      dns.close();
    }
    if (healthChecks != null) {
      healthChecks.close();
    }
    members.removeAll();
  }

  private void closeIdle() {
    long oldest = ticker.nanoTime() - config.idleTimeout().toNanos();
    for (Host host : members.hosts()) {
      host.pool().closeIdleSince(oldest);
    }
  }

  // ---- what it is ----

  /** Its configuration. */
  public ClusterConfig config() {
    return config;
  }

  /** Its statistics. */
  public ClusterStats stats() {
    return stats;
  }

  /** Retries under way, against {@code max_retries}. */
  public Breaker retries() {
    return breakers.retries();
  }

  /** Connections, against {@code max_connections}. */
  public Breaker connections() {
    return breakers.connections();
  }

  Breaker pendingRequests() {
    return breakers.pending();
  }

  Breaker requests() {
    return breakers.requests();
  }

  Ticker ticker() {
    return ticker;
  }

  EventLoop loop() {
    return sockets.loop();
  }

  HeadWriter heads() {
    return heads;
  }

  // ---- sockets ----

  /** A socket in the sidecar's namespace, marked as the proxy's own. */
  public SocketChannel newSocket() {
    everConnected = true;
    return unmeteredSocket();
  }

  SocketChannel unmeteredSocket() {
    SocketChannel socket = sockets.transport().connector(sockets.namespace(), sockets.mark());
    Transport.limitBuffer(socket, config.bufferLimit());
    return socket;
  }

  boolean everConnected() {
    return everConnected;
  }

  // ---- hosts ----

  /** All hosts, healthy or not. */
  public Collection<Host> hosts() {
    return members.hosts();
  }

  /** Replaces the hosts by what discovery says now. */
  void endpoints(List<ClusterConfig.Endpoint> endpoints) {
    members.endpoints(endpoints);
    discovered();
  }

  /** Picks a host by the cluster's balancing, or null when none is usable. */
  public @Nullable Host pick() {
    Host host = balancer.pick();
    if (host == null) {
      stats.upstreamCxNoneHealthy.inc();
    }
    return host;
  }

  /** The host of an original-destination cluster for one destination. */
  public Host hostFor(InetSocketAddress destination) {
    return members.at(destination);
  }

  /** A host was added. */
  void joined(Host host) {
    if (healthChecks != null) {
      host.failedActiveCheck(true);
      host.pendingActiveCheck(true);
      healthChecks.watch(host);
    }
  }

  /** A host was removed. */
  void left(Host host) {
    if (outlier != null) {
      outlier.removed(host);
    }
    if (healthChecks != null) {
      healthChecks.forget(host);
    }
  }

  // ---- health ----

  /** Active health checks see a host otherwise than before. */
  void healthChanged(Host host) {
    members.healthChanged(host);
  }

  void healthCheckPassed(Host host) {
    if (outlier != null) {
      outlier.healthCheckPassed(host);
    }
  }

  /** A host answered an attempt with this status. */
  public void answered(Host host, int status) {
    if (outlier != null) {
      outlier.status(host, status);
    }
  }

  /**
   * An attempt obtained a connection (success), or failed without a response.
   *
   * @param asStatus what the failure counts as: 503, or 504 for timeouts
   */
  public void localOrigin(Host host, boolean success, int asStatus) {
    if (outlier != null) {
      outlier.localOrigin(host, success, asStatus);
    }
  }
}
