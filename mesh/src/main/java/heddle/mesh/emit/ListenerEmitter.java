package heddle.mesh.emit;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import heddle.mesh.model.ProxyListener;
import heddle.mesh.model.RequestLog;
import heddle.mesh.model.Share;
import heddle.mesh.model.Timeout;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import org.jspecify.annotations.Nullable;

/** Emits listeners. */
final class ListenerEmitter {

  private ListenerEmitter() {}

  static Listener emit(ProxyListener listener) {
    Listener.Builder out =
        Listener.newBuilder()
            .setName(listener.name())
            .setAddress(Messages.address(listener.bind(), listener.port()))
            .setTrafficDirection(
                switch (listener.direction()) {
                  case INBOUND -> TrafficDirection.INBOUND;
                  case OUTBOUND -> TrafficDirection.OUTBOUND;
                })
            .setMetadata(Messages.metadata(listener.from()));
    if (listener.restoreDestination()) {
      out.addListenerFilters(
          filter("envoy.filters.listener.original_dst", OriginalDst.getDefaultInstance()));
    }
    if (listener.inspectTls()) {
      out.addListenerFilters(
          filter("envoy.filters.listener.tls_inspector", TlsInspector.getDefaultInstance()));
    }
    listener.chains().forEach(chain -> out.addFilterChains(chain(chain)));
    return out.build();
  }

  private static ListenerFilter filter(String name, Message config) {
    return ListenerFilter.newBuilder().setName(name).setTypedConfig(Messages.any(config)).build();
  }

  private static FilterChain chain(ProxyListener.Chain chain) {
    Filter filter =
        switch (chain.handler()) {
          case ProxyListener.Handler.Http http ->
              Filter.newBuilder()
                  .setName("envoy.filters.network.http_connection_manager")
                  .setTypedConfig(Messages.any(http(http)))
                  .build();
          case ProxyListener.Handler.Tcp tcp ->
              Filter.newBuilder()
                  .setName("envoy.filters.network.tcp_proxy")
                  .setTypedConfig(Messages.any(tcp(tcp)))
                  .build();
        };
    return FilterChain.newBuilder()
        .setFilterChainMatch(match(chain.match()))
        .addFilters(filter)
        .setMetadata(Messages.metadata(chain.from()))
        .build();
  }

  private static FilterChainMatch match(ProxyListener.ChainMatch match) {
    FilterChainMatch.Builder out = FilterChainMatch.newBuilder();
    if (match.destinationPort() != null) {
      out.setDestinationPort(Messages.number(match.destinationPort()));
    }
    if (match.anyAddress()) {
      out.addPrefixRanges(
          CidrRange.newBuilder().setAddressPrefix("0.0.0.0").setPrefixLen(Messages.number(0)));
    }
    return out.addAllServerNames(match.serverNames()).build();
  }

  private static HttpConnectionManager http(ProxyListener.Handler.Http http) {
    HttpConnectionManager.Builder out =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(http.statPrefix())
            .setCodecType(HttpConnectionManager.CodecType.AUTO)
            .setRds(
                Rds.newBuilder()
                    .setConfigSource(Messages.ads())
                    .setRouteConfigName(http.routeTable()))
            .setTracing(HttpConnectionManager.Tracing.getDefaultInstance())
            .addUpgradeConfigs(
                HttpConnectionManager.UpgradeConfig.newBuilder().setUpgradeType("websocket"));
    if (http.normalizePaths()) {
      out.setNormalizePath(BoolValue.of(true))
          .setMergeSlashes(true)
          .setPathWithEscapedSlashesAction(
              HttpConnectionManager.PathWithEscapedSlashesAction.KEEP_UNCHANGED);
    }
    if (http.log() != null) {
      out.addAccessLog(log(http.log()));
    }
    return out.addHttpFilters(
            HttpFilter.newBuilder()
                .setName("envoy.filters.http.router")
                .setTypedConfig(Messages.any(Router.getDefaultInstance())))
        .build();
  }

  private static TcpProxy tcp(ProxyListener.Handler.Tcp tcp) {
    TcpProxy.Builder out = TcpProxy.newBuilder().setStatPrefix(tcp.statPrefix());
    if (tcp.shares().size() == 1) {
      out.setCluster(tcp.shares().getFirst().upstream());
    } else {
      TcpProxy.WeightedCluster.Builder shares = TcpProxy.WeightedCluster.newBuilder();
      for (Share share : tcp.shares()) {
        if (share.weight() > 0) {
          shares.addClusters(
              TcpProxy.WeightedCluster.ClusterWeight.newBuilder()
                  .setName(share.upstream())
                  .setWeight(share.weight()));
        }
      }
      out.setWeightedClusters(shares);
    }
    switch (tcp.idle()) {
      case Timeout.Default ignored -> {}
      case Timeout.Disabled ignored -> out.setIdleTimeout(Duration.getDefaultInstance());
      case Timeout.After(var duration) -> out.setIdleTimeout(Messages.duration(duration));
    }
    return tcp.log() == null ? out.build() : out.addAccessLog(log(tcp.log())).build();
  }

  private static AccessLog log(RequestLog log) {
    FileAccessLog.Builder file = FileAccessLog.newBuilder().setPath(log.path());
    SubstitutionFormatString format = format(log.format());
    if (format != null) {
      file.setLogFormat(format);
    }
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers.file")
        .setTypedConfig(Messages.any(file.build()))
        .build();
  }

  private static @Nullable SubstitutionFormatString format(RequestLog.Format format) {
    return switch (format) {
      case RequestLog.Format.Default ignored -> null;
      case RequestLog.Format.Text(String text) ->
          SubstitutionFormatString.newBuilder()
              .setTextFormatSource(DataSource.newBuilder().setInlineString(text))
              .build();
      case RequestLog.Format.Json(var members) -> {
        Struct.Builder line = Struct.newBuilder();
        members.forEach(
            member ->
                line.putFields(
                    member.key(), Value.newBuilder().setStringValue(member.value()).build()));
        yield SubstitutionFormatString.newBuilder().setJsonFormat(line).build();
      }
    };
  }
}
