package heddle.proxy.upstream;

import heddle.proxy.stats.Counter;
import java.net.InetSocketAddress;

/** One upstream host: its address, what is known of its health, and its connections. */
public final class Host {
  private final InetSocketAddress address;
  private final String label;
  private final Counter cxTotal = new Counter();
  private final Counter cxConnectFail = new Counter();
  private final Counter rqTotal = new Counter();
  private final Counter rqSuccess = new Counter();
  private final Counter rqError = new Counter();
  private final Counter rqTimeout = new Counter();
  private final OutlierDetector.Record outlier = new OutlierDetector.Record();
  private final HttpPool pool;
  private ClusterConfig.Endpoint endpoint;
  private boolean failedActiveCheck;
  private boolean pendingActiveCheck;
  private boolean removed;
  private int activeConnections;
  private int activeRequests;

  Host(Cluster cluster, InetSocketAddress address, ClusterConfig.Endpoint endpoint) {
    this.address = address;
    this.label = address.getAddress().getHostAddress() + ":" + address.getPort();
    this.endpoint = endpoint;
    this.pool = new HttpPool(cluster, this);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** {@code IP:PORT}. */
  public String label() {
    return label;
  }

  /** As discovery last described it. */
  public ClusterConfig.Endpoint endpoint() {
    return endpoint;
  }

  void endpoint(ClusterConfig.Endpoint latest) {
    endpoint = latest;
  }

  /** Its HTTP/1.1 connections. */
  public HttpPool pool() {
    return pool;
  }

  OutlierDetector.Record outlier() {
    return outlier;
  }

  /** Whether outlier detection keeps it out. */
  public boolean ejected() {
    return outlier.ejected();
  }

  boolean failedActiveCheck() {
    return failedActiveCheck;
  }

  void failedActiveCheck(boolean failed) {
    failedActiveCheck = failed;
  }

  boolean pendingActiveCheck() {
    return pendingActiveCheck;
  }

  void pendingActiveCheck(boolean pending) {
    pendingActiveCheck = pending;
  }

  boolean removed() {
    return removed;
  }

  void markRemoved() {
    removed = true;
  }

  /** Whether it gets traffic outside panic mode. */
  public boolean healthy() {
    return !outlier.ejected()
        && !failedActiveCheck
        && endpoint.health() == ClusterConfig.EndpointHealth.HEALTHY;
  }

  /** Whether it does not even count as unhealthy: discovery is taking it away. */
  boolean excluded() {
    return endpoint.health() == ClusterConfig.EndpointHealth.DRAINING;
  }

  /** Whether it is the last resort before panic. */
  boolean degraded() {
    return !outlier.ejected()
        && !failedActiveCheck
        && endpoint.health() == ClusterConfig.EndpointHealth.DEGRADED;
  }

  /** Envoy's {@code health_flags}. */
  public String healthFlags() {
    var flags = new StringBuilder();
    if (failedActiveCheck) {
      flags.append("/failed_active_hc");
    }
    if (outlier.ejected()) {
      flags.append("/failed_outlier_check");
    }
    switch (endpoint.health()) {
      case HEALTHY -> {}
      case UNHEALTHY, TIMEOUT -> flags.append("/failed_eds_health");
      case DRAINING -> flags.append("/eds_status_draining");
      case DEGRADED -> flags.append("/degraded_eds_health");
    }
    if (pendingActiveCheck) {
      flags.append("/pending_active_hc");
    }
    if (removed) {
      flags.append("/pending_dynamic_removal");
    }
    return flags.isEmpty() ? "healthy" : flags.toString();
  }

  /** A TCP connection outside the pool begins. */
  public void tcpOpened() {
    connectionOpened();
  }

  /** It is over. */
  public void tcpClosed() {
    connectionClosed();
  }

  void connectionOpened() {
    activeConnections++;
    cxTotal.inc();
  }

  void connectionClosed() {
    activeConnections--;
  }

  void connectFailed() {
    cxConnectFail.inc();
  }

  void requestStarted() {
    activeRequests++;
    rqTotal.inc();
  }

  void requestEnded() {
    activeRequests--;
  }

  /** Requests in flight. */
  public int activeRequests() {
    return activeRequests;
  }

  int activeConnections() {
    return activeConnections;
  }

  /** Notes the outcome of an attempt for {@code /clusters}. */
  public void outcome(boolean success, boolean timeout) {
    (success ? rqSuccess : rqError).inc();
    if (timeout) {
      rqTimeout.inc();
    }
  }

  /** The numbers of {@code /clusters}. */
  public record Counts(
      long cxActive,
      long cxConnectFail,
      long cxTotal,
      long rqActive,
      long rqError,
      long rqSuccess,
      long rqTimeout,
      long rqTotal) {}

  /** The current numbers. */
  public Counts counts() {
    return new Counts(
        activeConnections,
        cxConnectFail.value(),
        cxTotal.value(),
        activeRequests,
        rqError.value(),
        rqSuccess.value(),
        rqTimeout.value(),
        rqTotal.value());
  }

  /** Percent of successes in outlier detection's last interval, or -1. */
  public double successRate() {
    return outlier.lastRate();
  }

  @Override
  public String toString() {
    return label;
  }
}
