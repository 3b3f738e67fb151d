package heddle.mesh.emit;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import heddle.mesh.model.Upstream;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Emits clusters. */
final class ClusterEmitter {

  private static final int UNLIMITED = Integer.MAX_VALUE;
  private static final Duration MAX_EJECTION = Duration.ofMinutes(5);

  private ClusterEmitter() {}

  static Cluster emit(Upstream upstream) {
    Cluster.Builder out =
        Cluster.newBuilder()
            .setName(upstream.name())
            .setConnectTimeout(Messages.duration(upstream.connectTimeout()))
            .setCircuitBreakers(limits(upstream.limits()))
            .setMetadata(Messages.metadata(upstream.from()));
    discovery(upstream, out);
    if (upstream.http2()) {
      out.putTypedExtensionProtocolOptions(
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Messages.any(http2()));
    }
    if (upstream.outlier() != null) {
      out.setOutlierDetection(outlier(upstream.outlier()));
    }
    if (upstream.healthCheck() != null) {
      out.addHealthChecks(probe(upstream.healthCheck()));
    }
    return out.build();
  }

  private static void discovery(Upstream upstream, Cluster.Builder out) {
    switch (upstream.discovery()) {
      case Upstream.Discovery.Fixed(String address, int port) ->
          out.setType(Cluster.DiscoveryType.STATIC)
              .setLoadAssignment(one(upstream.name(), address, port));
      case Upstream.Discovery.Pods ignored ->
          out.setType(Cluster.DiscoveryType.EDS)
              .setEdsClusterConfig(
                  Cluster.EdsClusterConfig.newBuilder().setEdsConfig(Messages.ads()))
              .setIgnoreHealthOnHostRemoval(true);
      case Upstream.Discovery.OneName(String host, int port, boolean ipv4Only) ->
          out.setType(Cluster.DiscoveryType.LOGICAL_DNS)
              .setDnsLookupFamily(family(ipv4Only))
              .setLoadAssignment(one(upstream.name(), host, port))
              .setIgnoreHealthOnHostRemoval(true);
      case Upstream.Discovery.EveryAddress(String host, int port, boolean ipv4Only) ->
          out.setType(Cluster.DiscoveryType.STRICT_DNS)
              .setDnsLookupFamily(family(ipv4Only))
              .setLoadAssignment(one(upstream.name(), host, port))
              .setIgnoreHealthOnHostRemoval(true);
      case Upstream.Discovery.OriginalDestination() ->
          out.setType(Cluster.DiscoveryType.ORIGINAL_DST)
              .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
    }
  }

  private static Cluster.DnsLookupFamily family(boolean ipv4Only) {
    return ipv4Only ? Cluster.DnsLookupFamily.V4_ONLY : Cluster.DnsLookupFamily.AUTO;
  }

  private static ClusterLoadAssignment one(String name, String host, int port) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(name)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(
                    LbEndpoint.newBuilder()
                        .setEndpoint(
                            Endpoint.newBuilder().setAddress(Messages.address(host, port)))))
        .build();
  }

  private static CircuitBreakers limits(Upstream.Limits limits) {
    return CircuitBreakers.newBuilder()
        .addThresholds(
            CircuitBreakers.Thresholds.newBuilder()
                .setPriority(RoutingPriority.DEFAULT)
                .setMaxConnections(limit(limits.connections()))
                .setMaxPendingRequests(limit(limits.pending()))
                .setMaxRequests(limit(limits.requests()))
                .setMaxRetries(limit(null)))
        .build();
  }

  private static UInt32Value limit(@Nullable Integer value) {
    return UInt32Value.of(value == null ? UNLIMITED : value);
  }

  private static HttpProtocolOptions http2() {
    return HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(
            HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
        .build();
  }

  private static OutlierDetection outlier(Upstream.Outlier outlier) {
    Duration longest =
        outlier.baseEjection().compareTo(MAX_EJECTION) > 0 ? outlier.baseEjection() : MAX_EJECTION;
    return OutlierDetection.newBuilder()
        .setConsecutive5Xx(Messages.number(outlier.consecutiveErrors()))
        .setInterval(Messages.duration(atLeastOneMillisecond(outlier.interval())))
        .setBaseEjectionTime(Messages.duration(atLeastOneMillisecond(outlier.baseEjection())))
        .setMaxEjectionTime(Messages.duration(longest))
        .setMaxEjectionPercent(Messages.number(outlier.maxPercent()))
        .setAlwaysEjectOneHost(BoolValue.of(true))
        .build();
  }

  /** Envoy rejects zero here, which App Mesh allowed. */
  private static Duration atLeastOneMillisecond(Duration duration) {
    return duration.isZero() ? Duration.ofMillis(1) : duration;
  }

  private static HealthCheck probe(Upstream.HealthProbe probe) {
    HealthCheck.Builder out =
        HealthCheck.newBuilder()
            .setInterval(Messages.duration(probe.interval()))
            .setTimeout(Messages.duration(probe.timeout()))
            .setHealthyThreshold(Messages.number(probe.healthyThreshold()))
            .setUnhealthyThreshold(Messages.number(probe.unhealthyThreshold()));
    switch (probe.kind()) {
      case Upstream.HealthProbe.Kind.Http(String host, String path, boolean http2) ->
          out.setHttpHealthCheck(
              HealthCheck.HttpHealthCheck.newBuilder()
                  .setHost(host)
                  .setPath(path)
                  .setCodecClientType(http2 ? CodecClientType.HTTP2 : CodecClientType.HTTP1));
      case Upstream.HealthProbe.Kind.Grpc() ->
          out.setGrpcHealthCheck(HealthCheck.GrpcHealthCheck.getDefaultInstance());
      case Upstream.HealthProbe.Kind.Connect() ->
          out.setTcpHealthCheck(HealthCheck.TcpHealthCheck.getDefaultInstance());
    }
    return out.build();
  }
}
