package heddle.proxy.upstream;

import heddle.proxy.stats.Stats;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Breaker connections;
  private final Breaker pending;
  private final Breaker requests;
  private final Breaker retries;
  private final Balancer balancer;
  private final @Nullable OutlierDetector outlier;
  private final @Nullable HealthChecks healthChecks;
  private final Map<InetSocketAddress, Host> hosts = new LinkedHashMap<>();
  private final List<Future<?>> timers = new ArrayList<>();
  private List<ClusterConfig.Endpoint> lastEndpoints = List.of();
  private @Nullable DnsDiscovery dns;
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
    String p = "cluster." + config.name().replace(':', '_') + ".circuit_breakers.default.";
    var limits = config.limits();
    connections = breaker(all, p, limits.connections(), "cx_open", "remaining_cx");
    pending = breaker(all, p, limits.pending(), "rq_pending_open", "remaining_pending");
    requests = breaker(all, p, limits.requests(), "rq_open", "remaining_rq");
    retries = breaker(all, p, limits.retries(), "rq_retry_open", "remaining_retries");
    balancer = new Balancer(config, random, stats);
    outlier =
        config.outlier() == null
            ? null
            : new OutlierDetector(
                config.name(),
                config.outlier(),
                hosts::values,
                this::healthChanged,
                all,
                ticker,
                random);
    healthChecks = config.healthChecks().isEmpty() ? null : new HealthChecks(this, all, random);
  }

  private Breaker breaker(Stats all, String p, int limit, String open, String remaining) {
    return new Breaker(
        limit,
        all.gauge(p + open),
        config.limits().trackRemaining() ? all.gauge(p + remaining) : null);
  }

  void start() {
    switch (config.discovery()) {
      case ClusterConfig.Discovery.Fixed(var endpoints) -> endpoints(endpoints);
      case ClusterConfig.Discovery.Eds(var service) -> {
        if (!lastEndpoints.isEmpty()) {
          endpoints(lastEndpoints);
        }
      }
      case ClusterConfig.Discovery.Dns names -> {
        dns = new DnsDiscovery(this, names, sockets);
        dns.start();
      }
      case ClusterConfig.Discovery.OriginalDestination() ->
          every(ORIGINAL_DST_CLEANUP, this::dropUnusedHosts);
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

  /** Takes over what discovery said to the cluster this one replaces. */
  void adopt(Cluster old) {
    if (config.discovery().equals(old.config.discovery())) {
      lastEndpoints = old.lastEndpoints;
    }
  }

  void shutdown() {
    timers.forEach(timer -> timer.cancel(false));
    if (dns != null) {
      dns.close();
    }
    if (healthChecks != null) {
      healthChecks.close();
    }
    List.copyOf(hosts.values()).forEach(this::remove);
    balancer.update(hosts.values());
  }

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
    return retries;
  }

  /** Connections, against {@code max_connections}. */
  public Breaker connections() {
    return connections;
  }

  Breaker pendingRequests() {
    return pending;
  }

  Breaker requests() {
    return requests;
  }

  Ticker ticker() {
    return ticker;
  }

  EventLoop loop() {
    return sockets.loop();
  }

  /** A socket in the sidecar's namespace, marked as the proxy's own. */
  public SocketChannel newSocket() {
    everConnected = true;
    return unmeteredSocket();
  }

  SocketChannel unmeteredSocket() {
    return sockets.transport().connector(sockets.namespace(), sockets.mark());
  }

  boolean everConnected() {
    return everConnected;
  }

  /** All hosts, healthy or not. */
  public Collection<Host> hosts() {
    return hosts.values();
  }

  /** The endpoints that discovery last gave. */
  public List<ClusterConfig.Endpoint> endpoints() {
    return lastEndpoints;
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
    return hosts.computeIfAbsent(
        destination,
        address ->
            new Host(
                this,
                address,
                new ClusterConfig.Endpoint(
                    address.getAddress().getHostAddress(),
                    address.getPort(),
                    "",
                    1,
                    ClusterConfig.EndpointHealth.HEALTHY,
                    0,
                    "")));
  }

  private void dropUnusedHosts() {
    hosts
        .values()
        .removeIf(
            host ->
                host.activeConnections() == 0
                    && host.activeRequests() == 0
                    && !host.pool().hasPending());
  }

  /** Replaces the hosts by what discovery says now. */
  void endpoints(List<ClusterConfig.Endpoint> endpoints) {
    stats.updateAttempt.inc();
    stats.updateSuccess.inc();
    var wanted = new LinkedHashMap<InetSocketAddress, ClusterConfig.Endpoint>();
    for (var endpoint : endpoints) {
      wanted.put(new InetSocketAddress(endpoint.address(), endpoint.port()), endpoint);
    }
    if (endpoints.equals(lastEndpoints) && wanted.keySet().equals(hosts.keySet())) {
      stats.updateNoRebuild.inc();
      return;
    }
    lastEndpoints = List.copyOf(endpoints);
    for (Host host : List.copyOf(hosts.values())) {
      if (!wanted.containsKey(host.address())) {
        boolean stays =
            healthChecks != null
                && !config.ignoreHealthOnRemoval()
                && !host.failedActiveCheck()
                && host.endpoint().health() == ClusterConfig.EndpointHealth.HEALTHY;
        if (!stays) {
          remove(host);
        } else {
          host.markRemoved();
        }
      }
    }
    wanted.forEach(this::keepOrAdd);
    stats.membershipChange.inc();
    balancer.update(hosts.values());
  }

  private void keepOrAdd(InetSocketAddress address, ClusterConfig.Endpoint endpoint) {
    Host host = hosts.get(address);
    if (host != null && !host.removed()) {
      boolean was = host.healthy();
      host.endpoint(endpoint);
      if (was && !host.healthy()) {
        host.pool().drain();
      }
      return;
    }
    Host added = new Host(this, address, endpoint);
    hosts.put(address, added);
    if (healthChecks != null) {
      added.failedActiveCheck(true);
      added.pendingActiveCheck(true);
      healthChecks.watch(added);
    }
  }

  void remove(Host host) {
    hosts.remove(host.address(), host);
    host.markRemoved();
    if (outlier != null) {
      outlier.removed(host);
    }
    if (healthChecks != null) {
      healthChecks.forget(host);
    }
    host.pool().drain();
  }

  /** A host's health, in whatever sense, is another now. */
  void healthChanged(Host host) {
    if (!host.healthy()) {
      host.pool().drain();
      if (host.removed()) {
        remove(host);
      }
    }
    balancer.update(hosts.values());
  }

  void healthCheckPassed(Host host) {
    if (outlier != null) {
      outlier.healthCheckPassed(host);
    }
  }

  void connectionFreed(HttpPool by) {
    for (Host host : hosts.values()) {
      if (host.pool() != by) {
        host.pool().retryPending();
      }
    }
  }

  private void closeIdle() {
    long oldest = ticker.nanoTime() - config.idleTimeout().toNanos();
    for (Host host : hosts.values()) {
      host.pool().closeIdleSince(oldest);
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
