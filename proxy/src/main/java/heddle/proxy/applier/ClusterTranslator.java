package heddle.proxy.applier;

import com.google.protobuf.InvalidProtocolBufferException;
import heddle.proxy.upstream.ClusterConfig;
import heddle.proxy.upstream.ClusterConfig.Balancing;
import heddle.proxy.upstream.ClusterConfig.Discovery;
import heddle.proxy.upstream.ClusterConfig.Endpoint;
import heddle.proxy.upstream.ClusterConfig.EndpointHealth;
import heddle.proxy.upstream.ClusterConfig.HealthCheckConfig;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Envoy clusters and endpoints as {@link ClusterConfig}s. */
final class ClusterTranslator {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String HTTP_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  /**
   * Translates a cluster whose fields are all supported.
   *
   * @throws IllegalArgumentException naming what is wrong with it
   */
  ClusterConfig translate(Cluster cluster) {
    HttpProtocolOptions http = httpOptions(cluster);
    if (http.hasMaxHeadersCount()) {
      throw new IllegalArgumentException(
          "common_http_protocol_options.max_headers_count is not supported for upstreams");
    }
    if (cluster.getHealthChecksCount() > 1) {
      throw new IllegalArgumentException(
          "%d health_checks (expected: at most one; several need names)"
              .formatted(cluster.getHealthChecksCount()));
    }
    if (cluster.hasEdsClusterConfig()) {
      Settings.requireAds("eds_config", cluster.getEdsClusterConfig().getEdsConfig());
    }
    return new ClusterConfig(
        cluster.getName(),
        discovery(cluster),
        balancing(cluster),
        Settings.duration(
            cluster.hasConnectTimeout(), cluster.getConnectTimeout(), Duration.ofSeconds(5)),
        Settings.duration(http.hasIdleTimeout(), http.getIdleTimeout(), HOUR),
        Settings.duration(http.hasMaxStreamDuration(), http.getMaxStreamDuration(), Duration.ZERO),
        maxRequestsPerConnection(cluster, http),
        limits(cluster.getCircuitBreakers()),
        cluster.hasOutlierDetection() ? outlier(cluster.getOutlierDetection()) : null,
        cluster.getHealthChecksList().stream().map(ClusterTranslator::healthCheck).toList(),
        cluster.getCommonLbConfig().hasHealthyPanicThreshold()
            ? cluster.getCommonLbConfig().getHealthyPanicThreshold().getValue()
            : 50,
        Settings.duration(
            cluster.getCommonLbConfig().hasUpdateMergeWindow(),
            cluster.getCommonLbConfig().getUpdateMergeWindow(),
            Duration.ofSeconds(1)),
        cluster.getIgnoreHealthOnHostRemoval(),
        Settings.number(
            cluster.hasPerConnectionBufferLimitBytes(),
            cluster.getPerConnectionBufferLimitBytes(),
            0));
  }

  @SuppressWarnings("deprecation") // common_http_protocol_options still arrives
  private static HttpProtocolOptions httpOptions(Cluster cluster) {
    var packed = cluster.getTypedExtensionProtocolOptionsMap().get(HTTP_OPTIONS);
    if (packed == null) {
      return cluster.getCommonHttpProtocolOptions();
    }
    try {
      return packed
          .unpack(io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.class)
          .getCommonHttpProtocolOptions();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(HTTP_OPTIONS + ": " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("deprecation") // Cluster.max_requests_per_connection still arrives
  private static int maxRequestsPerConnection(Cluster cluster, HttpProtocolOptions http) {
    return http.hasMaxRequestsPerConnection()
        ? Settings.clamp(http.getMaxRequestsPerConnection().getValue())
        : Settings.number(
            cluster.hasMaxRequestsPerConnection(), cluster.getMaxRequestsPerConnection(), 0);
  }

  private static Discovery discovery(Cluster cluster) {
    Duration refresh =
        Settings.duration(
            cluster.hasDnsRefreshRate(), cluster.getDnsRefreshRate(), Duration.ofSeconds(5));
    List<Endpoint> endpoints = endpoints(cluster.getLoadAssignment());
    return switch (cluster.getType()) {
      case STATIC -> new Discovery.Fixed(endpoints);
      case STRICT_DNS -> new Discovery.Dns(endpoints, false, refresh, family(cluster));
      case LOGICAL_DNS -> {
        if (endpoints.size() != 1) {
          throw new IllegalArgumentException(
              "LOGICAL_DNS with %d endpoints (expected: one)".formatted(endpoints.size()));
        }
        yield new Discovery.Dns(endpoints, true, refresh, family(cluster));
      }
      case EDS -> {
        String service = cluster.getEdsClusterConfig().getServiceName();
        yield new Discovery.Eds(
            service.isEmpty() ? cluster.getName() : service,
            Settings.fetchTimeout(cluster.getEdsClusterConfig().getEdsConfig()));
      }
      case ORIGINAL_DST -> new Discovery.OriginalDestination();
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "type %d is not known".formatted(cluster.getTypeValue()));
    };
  }

  /** AUTO is Envoy's "IPv6 if there is any"; here it prefers IPv4, the only one that pods have. */
  private static ClusterConfig.Family family(Cluster cluster) {
    return switch (cluster.getDnsLookupFamily()) {
      case AUTO, V4_PREFERRED -> ClusterConfig.Family.V4_PREFERRED;
      case V4_ONLY -> ClusterConfig.Family.V4_ONLY;
      case V6_ONLY -> ClusterConfig.Family.V6_ONLY;
      case ALL -> ClusterConfig.Family.ALL;
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "dns_lookup_family %d is not known".formatted(cluster.getDnsLookupFamilyValue()));
    };
  }

  private static Balancing balancing(Cluster cluster) {
    return switch (cluster.getLbPolicy()) {
      case ROUND_ROBIN -> new Balancing.RoundRobin();
      case LEAST_REQUEST ->
          new Balancing.LeastRequest(
              cluster.getLeastRequestLbConfig().hasChoiceCount()
                  ? cluster.getLeastRequestLbConfig().getChoiceCount().getValue()
                  : 2);
      case RANDOM -> new Balancing.Random();
      case CLUSTER_PROVIDED -> {
        if (cluster.getType() != Cluster.DiscoveryType.ORIGINAL_DST) {
          throw new IllegalArgumentException(
              "lb_policy CLUSTER_PROVIDED with type %s (expected: ORIGINAL_DST)"
                  .formatted(cluster.getType()));
        }
        yield new Balancing.RoundRobin();
      }
      case RING_HASH, MAGLEV, LOAD_BALANCING_POLICY_CONFIG, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "lb_policy %s is not supported (expected: ROUND_ROBIN, LEAST_REQUEST or RANDOM)"
                  .formatted(cluster.getLbPolicy()));
    };
  }

  private static ClusterConfig.Limits limits(CircuitBreakers breakers) {
    var defaults = ClusterConfig.Limits.DEFAULT;
    for (var t : breakers.getThresholdsList()) {
      if (t.getPriority() == RoutingPriority.DEFAULT) {
        return new ClusterConfig.Limits(
            Settings.number(t.hasMaxConnections(), t.getMaxConnections(), defaults.connections()),
            Settings.number(
                t.hasMaxPendingRequests(), t.getMaxPendingRequests(), defaults.pending()),
            Settings.number(t.hasMaxRequests(), t.getMaxRequests(), defaults.requests()),
            Settings.number(t.hasMaxRetries(), t.getMaxRetries(), defaults.retries()),
            t.getTrackRemaining());
      }
    }
    return defaults;
  }

  private static ClusterConfig.OutlierConfig outlier(OutlierDetection o) {
    Duration base =
        Settings.duration(o.hasBaseEjectionTime(), o.getBaseEjectionTime(), Duration.ofSeconds(30));
    if (o.hasMaxEjectionTime()
        && Settings.duration(true, o.getMaxEjectionTime(), Duration.ZERO).compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "outlier_detection.max_ejection_time is shorter than base_ejection_time");
    }
    Duration longest = base.compareTo(Duration.ofSeconds(300)) > 0 ? base : Duration.ofSeconds(300);
    return new ClusterConfig.OutlierConfig(
        Settings.duration(o.hasInterval(), o.getInterval(), Duration.ofSeconds(10)),
        base,
        Settings.duration(o.hasMaxEjectionTime(), o.getMaxEjectionTime(), longest),
        Settings.duration(
            o.hasMaxEjectionTimeJitter(), o.getMaxEjectionTimeJitter(), Duration.ZERO),
        Settings.number(o.hasMaxEjectionPercent(), o.getMaxEjectionPercent(), 10),
        o.getAlwaysEjectOneHost().getValue(),
        Settings.number(o.hasConsecutive5Xx(), o.getConsecutive5Xx(), 5),
        Settings.number(o.hasEnforcingConsecutive5Xx(), o.getEnforcingConsecutive5Xx(), 100),
        Settings.number(o.hasConsecutiveGatewayFailure(), o.getConsecutiveGatewayFailure(), 5),
        Settings.number(
            o.hasEnforcingConsecutiveGatewayFailure(),
            o.getEnforcingConsecutiveGatewayFailure(),
            0),
        o.getSplitExternalLocalOriginErrors(),
        Settings.number(
            o.hasConsecutiveLocalOriginFailure(), o.getConsecutiveLocalOriginFailure(), 5),
        Settings.number(
            o.hasEnforcingConsecutiveLocalOriginFailure(),
            o.getEnforcingConsecutiveLocalOriginFailure(),
            100),
        Settings.number(o.hasSuccessRateMinimumHosts(), o.getSuccessRateMinimumHosts(), 5),
        Settings.number(o.hasSuccessRateRequestVolume(), o.getSuccessRateRequestVolume(), 100),
        Settings.number(o.hasSuccessRateStdevFactor(), o.getSuccessRateStdevFactor(), 1900),
        Settings.number(o.hasEnforcingSuccessRate(), o.getEnforcingSuccessRate(), 100),
        Settings.number(o.hasFailurePercentageThreshold(), o.getFailurePercentageThreshold(), 85),
        Settings.number(
            o.hasFailurePercentageMinimumHosts(), o.getFailurePercentageMinimumHosts(), 5),
        Settings.number(
            o.hasFailurePercentageRequestVolume(), o.getFailurePercentageRequestVolume(), 50),
        Settings.number(o.hasEnforcingFailurePercentage(), o.getEnforcingFailurePercentage(), 0),
        !o.hasSuccessfulActiveHealthCheckUnejectHost()
            || o.getSuccessfulActiveHealthCheckUnejectHost().getValue());
  }

  private static HealthCheckConfig healthCheck(HealthCheck check) {
    Duration interval = Settings.duration(true, check.getInterval(), Duration.ZERO);
    Duration unhealthy =
        Settings.duration(check.hasUnhealthyInterval(), check.getUnhealthyInterval(), interval);
    if (interval.isZero() || !check.hasTimeout()) {
      throw new IllegalArgumentException("health check without interval or timeout");
    }
    return new HealthCheckConfig(
        switch (check.getHealthCheckerCase()) {
          case HTTP_HEALTH_CHECK ->
              http(
                  check.getHttpHealthCheck(),
                  !check.hasReuseConnection() || check.getReuseConnection().getValue());
          case TCP_HEALTH_CHECK -> new HealthCheckConfig.Check.Tcp();
          case GRPC_HEALTH_CHECK, CUSTOM_HEALTH_CHECK, HEALTHCHECKER_NOT_SET ->
              throw new IllegalArgumentException(
                  "health check %s is not supported (expected: http or tcp)"
                      .formatted(check.getHealthCheckerCase()));
        },
        Settings.duration(true, check.getTimeout(), Duration.ZERO),
        interval,
        Settings.duration(
            check.hasNoTrafficInterval(), check.getNoTrafficInterval(), Duration.ofSeconds(60)),
        check.hasNoTrafficHealthyInterval()
            ? Settings.duration(true, check.getNoTrafficHealthyInterval(), Duration.ZERO)
            : Settings.duration(
                check.hasNoTrafficInterval(), check.getNoTrafficInterval(), Duration.ofSeconds(60)),
        unhealthy,
        Settings.duration(
            check.hasUnhealthyEdgeInterval(), check.getUnhealthyEdgeInterval(), unhealthy),
        Settings.duration(check.hasHealthyEdgeInterval(), check.getHealthyEdgeInterval(), interval),
        Settings.duration(check.hasIntervalJitter(), check.getIntervalJitter(), Duration.ZERO),
        Settings.duration(check.hasInitialJitter(), check.getInitialJitter(), Duration.ZERO),
        Settings.number(check.hasUnhealthyThreshold(), check.getUnhealthyThreshold(), 1),
        Settings.number(check.hasHealthyThreshold(), check.getHealthyThreshold(), 1));
  }

  private static HealthCheckConfig.Check http(HealthCheck.HttpHealthCheck http, boolean reuse) {
    if (http.getCodecClientType() != CodecClientType.HTTP1) {
      throw new IllegalArgumentException(
          "health check codec_client_type %s is not supported (expected: HTTP1)"
              .formatted(http.getCodecClientType()));
    }
    Set<Integer> expected = statuses(http.getExpectedStatusesList());
    return new HealthCheckConfig.Check.Http(
        http.getMethod() == RequestMethod.METHOD_UNSPECIFIED ? "GET" : http.getMethod().name(),
        http.getPath(),
        http.getHost(),
        expected.isEmpty() ? Set.of(200) : expected,
        statuses(http.getRetriableStatusesList()),
        reuse);
  }

  private static Set<Integer> statuses(List<Int64Range> ranges) {
    var all = new TreeSet<Integer>();
    for (var range : ranges) {
      for (long status = range.getStart(); status < range.getEnd() && status < 600; status++) {
        all.add((int) status);
      }
    }
    return all;
  }

  /** The endpoints of an assignment; each needs an address, IP literals except for DNS. */
  static List<Endpoint> endpoints(ClusterLoadAssignment assignment) {
    var all = new ArrayList<Endpoint>();
    for (var locality : assignment.getEndpointsList()) {
      for (var endpoint : locality.getLbEndpointsList()) {
        all.add(endpoint(endpoint, locality.getPriority(), locality.getLocality().getZone()));
      }
    }
    return all;
  }

  private static Endpoint endpoint(LbEndpoint endpoint, int priority, String zone) {
    var socket = Settings.tcp(endpoint.getEndpoint().getAddress());
    if (endpoint.hasLoadBalancingWeight() && endpoint.getLoadBalancingWeight().getValue() == 0) {
      throw new IllegalArgumentException(
          "load_balancing_weight of %s:%d is 0 (expected: at least 1)"
              .formatted(socket.getAddress(), socket.getPortValue()));
    }
    return new Endpoint(
        socket.getAddress(),
        socket.getPortValue(),
        endpoint.getEndpoint().getHostname(),
        Settings.number(endpoint.hasLoadBalancingWeight(), endpoint.getLoadBalancingWeight(), 1),
        health(endpoint),
        priority,
        zone,
        endpoint.getEndpoint().getHealthCheckConfig().getPortValue(),
        endpoint.getEndpoint().getHealthCheckConfig().getHostname());
  }

  private static EndpointHealth health(LbEndpoint endpoint) {
    return switch (endpoint.getHealthStatus()) {
      case UNKNOWN, HEALTHY, UNRECOGNIZED -> EndpointHealth.HEALTHY;
      case UNHEALTHY -> EndpointHealth.UNHEALTHY;
      case DRAINING -> EndpointHealth.DRAINING;
      case TIMEOUT -> EndpointHealth.TIMEOUT;
      case DEGRADED -> EndpointHealth.DEGRADED;
    };
  }

  /** The EDS name a cluster asks for, or null. */
  static @Nullable String edsName(ClusterConfig cluster) {
    return cluster.discovery() instanceof Discovery.Eds eds ? eds.serviceName() : null;
  }
}
