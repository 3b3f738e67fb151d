package heddle.proxy.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as the control plane wants it. Equal configurations mean the same cluster: an update
 * that changes nothing keeps hosts, ejections and connections.
 *
 * @param name Envoy: {@code Cluster.name}
 * @param discovery where hosts come from
 * @param balancing how one is chosen
 * @param connectTimeout for the TCP handshake
 * @param idleTimeout of an upstream connection without requests; zero: none
 * @param maxStreamDuration how long an attempt may take that has a connection; zero: for ever
 * @param maxRequestsPerConnection 0: unlimited
 * @param limits circuit breaker thresholds of the default priority
 * @param outlier null: no outlier detection
 * @param healthChecks active checks
 * @param panicThreshold percent; 0 disables panic
 * @param mergeWindow how long changes of health and weight alone wait for others of their kind
 * @param ignoreHealthOnRemoval whether a host that discovery drops goes at once
 * @param bufferLimit bytes waiting for a slow host above which nothing more is read for it; 0: the
 *     transport's default
 */
public record ClusterConfig(
    String name,
    Discovery discovery,
    Balancing balancing,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration maxStreamDuration,
    int maxRequestsPerConnection,
    Limits limits,
    @Nullable OutlierConfig outlier,
    List<HealthCheckConfig> healthChecks,
    double panicThreshold,
    Duration mergeWindow,
    boolean ignoreHealthOnRemoval,
    int bufferLimit) {

  public ClusterConfig {
    healthChecks = List.copyOf(healthChecks);
  }

  /** Where hosts come from. */
  public sealed interface Discovery {
    /** A fixed list. */
    record Fixed(List<Endpoint> endpoints) implements Discovery {
      public Fixed {
        endpoints = List.copyOf(endpoints);
      }
    }

    /**
     * Endpoint discovery under this name.
     *
     * @param fetchTimeout how long the cluster waits for its first endpoints before it serves
     *     without any; zero: for ever
     */
    record Eds(String serviceName, Duration fetchTimeout) implements Discovery {}

    /** Every address of the names is a host ({@code logical}: only the first of one name). */
    record Dns(List<Endpoint> names, boolean logical, Duration refresh, Family family)
        implements Discovery {
      public Dns {
        names = List.copyOf(names);
      }
    }

    /** The host is where the client wanted to go. */
    record OriginalDestination() implements Discovery {}
  }

  /** Which addresses of a name are used. Envoy: {@code dns_lookup_family}. */
  public enum Family {
    V4_ONLY,
    V6_ONLY,
    V4_PREFERRED,
    ALL
  }

  /** Endpoint health as discovery reports it. */
  public enum EndpointHealth {
    HEALTHY,
    UNHEALTHY,
    DRAINING,
    TIMEOUT,
    DEGRADED
  }

  /**
   * One endpoint.
   *
   * @param address an IP literal (for DNS clusters: a name)
   * @param port 1 to 65535
   * @param hostname for host rewriting; may be empty
   * @param weight at least 1
   * @param priority 0 is used first
   * @param zone for {@code /clusters} only
   * @param checkPort where health checks go; 0: to {@code port}
   * @param checkHostname under which name health checks ask; may be empty
   */
  public record Endpoint(
      String address,
      int port,
      String hostname,
      int weight,
      EndpointHealth health,
      int priority,
      String zone,
      int checkPort,
      String checkHostname) {}

  /** How a host is chosen. */
  public sealed interface Balancing {
    record RoundRobin() implements Balancing {}

    record LeastRequest(int choices) implements Balancing {}

    record Random() implements Balancing {}
  }

  /** Circuit breaker thresholds. Unlimited is {@link Integer#MAX_VALUE}. */
  public record Limits(
      int connections, int pending, int requests, int retries, boolean trackRemaining) {
    /** Envoy's defaults. */
    public static final Limits DEFAULT = new Limits(1024, 1024, 1024, 3, false);
  }

  /** Envoy: {@code OutlierDetection}; percentages 0 to 100, thresholds 0 switch a detector off. */
  public record OutlierConfig(
      Duration interval,
      Duration baseEjectionTime,
      Duration maxEjectionTime,
      Duration maxJitter,
      int maxEjectionPercent,
      boolean alwaysEjectOneHost,
      int consecutive5xx,
      int enforcing5xx,
      int consecutiveGateway,
      int enforcingGateway,
      boolean splitLocalOrigin,
      int consecutiveLocalOrigin,
      int enforcingLocalOrigin,
      int successRateMinimumHosts,
      int successRateRequestVolume,
      int successRateStdevFactor,
      int enforcingSuccessRate,
      int failurePercentageThreshold,
      int failurePercentageMinimumHosts,
      int failurePercentageRequestVolume,
      int enforcingFailurePercentage,
      boolean healthCheckUnejects) {}

  /** Envoy: {@code HealthCheck}. */
  public record HealthCheckConfig(
      Check check,
      Duration timeout,
      Duration interval,
      Duration noTrafficInterval,
      Duration noTrafficHealthyInterval,
      Duration unhealthyInterval,
      Duration unhealthyEdgeInterval,
      Duration healthyEdgeInterval,
      Duration intervalJitter,
      Duration initialJitter,
      int unhealthyThreshold,
      int healthyThreshold) {

    /** What is asked of the host. */
    public sealed interface Check {
      /** A request; {@code expected} and {@code retriable} are status codes. */
      record Http(
          String method,
          String path,
          String host,
          Set<Integer> expected,
          Set<Integer> retriable,
          boolean reuseConnection)
          implements Check {}

      /** The connection is accepted. */
      record Tcp() implements Check {}
    }
  }
}
