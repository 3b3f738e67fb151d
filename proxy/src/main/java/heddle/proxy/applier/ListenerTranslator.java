package heddle.proxy.applier;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import heddle.proxy.accesslog.LogFormat;
import heddle.proxy.http.HcmConfig;
import heddle.proxy.http.Routes;
import heddle.proxy.listener.Cidr;
import heddle.proxy.listener.ListenerConfig;
import heddle.proxy.tcp.TcpProxyConfig;
import heddle.xds.route.RouteTable;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Envoy listeners as {@link ListenerConfig}s. */
final class ListenerTranslator {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MEBIBYTE = 1024 * 1024;
  private static final Set<String> CONTAINER_LOG =
      Set.of("/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2");

  private final AnyTypes types = new AnyTypes();

  /**
   * Translates a listener whose fields are all supported.
   *
   * @throws IllegalArgumentException naming what is wrong with it
   */
  ListenerConfig translate(Listener listener) {
    boolean originalDestination = false;
    boolean inspectTls = false;
    for (var filter : listener.getListenerFiltersList()) {
      Message config = unpack(filter.getTypedConfig());
      originalDestination |= config instanceof OriginalDst;
      inspectTls |= config instanceof TlsInspector;
    }
    if (listener.getFilterChainsCount() == 0 && !listener.hasDefaultFilterChain()) {
      throw new IllegalArgumentException("filter_chains is empty (expected: at least one)");
    }
    var address = Settings.tcp(listener.getAddress());
    boolean bufferLimited = listener.hasPerConnectionBufferLimitBytes();
    int replay =
        Settings.number(bufferLimited, listener.getPerConnectionBufferLimitBytes(), MEBIBYTE);
    return new ListenerConfig(
        listener.getName(),
        address.getAddress(),
        address.getPortValue(),
        listener.getStatPrefix(),
        Settings.number(bufferLimited, listener.getPerConnectionBufferLimitBytes(), 0),
        listener.getTrafficDirection() == TrafficDirection.INBOUND,
        originalDestination,
        inspectTls,
        listener.getFilterChainsList().stream().map(c -> chain(c, replay)).toList(),
        listener.hasDefaultFilterChain() ? chain(listener.getDefaultFilterChain(), replay) : null);
  }

  private Message unpack(Any any) {
    try {
      Message message = types.unpack(any);
      if (message == null) {
        throw new IllegalArgumentException(AnyTypes.name(any) + " is not supported");
      }
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(AnyTypes.name(any) + ": " + e.getMessage(), e);
    }
  }

  private ListenerConfig.Chain chain(FilterChain chain, int bufferLimit) {
    if (chain.getFiltersCount() != 1) {
      throw new IllegalArgumentException(
          "filter chain '%s' has %d filters (expected: one, http_connection_manager or tcp_proxy)"
              .formatted(chain.getName(), chain.getFiltersCount()));
    }
    return new ListenerConfig.Chain(
        match(chain.getFilterChainMatch()),
        switch (unpack(chain.getFilters(0).getTypedConfig())) {
          case HttpConnectionManager http ->
              new ListenerConfig.Handler.Http(http(http, bufferLimit));
          case TcpProxy tcp -> new ListenerConfig.Handler.Tcp(tcp(tcp));
          case Message other ->
              throw new IllegalArgumentException(
                  other.getDescriptorForType().getFullName() + " is not a network filter");
        });
  }

  private static ListenerConfig.Match match(FilterChainMatch match) {
    return new ListenerConfig.Match(
        match.getDestinationPort().getValue(),
        match.getPrefixRangesList().stream()
            .map(r -> new Cidr(r.getAddressPrefix(), r.getPrefixLen().getValue()))
            .toList(),
        match.getServerNamesList().stream().map(n -> n.toLowerCase(Locale.ROOT)).toList(),
        match.getTransportProtocol());
  }

  private HcmConfig http(HttpConnectionManager hcm, int bufferLimit) {
    checkHttpFilters(hcm);
    if (hcm.getCodecType() == HttpConnectionManager.CodecType.HTTP2
        || hcm.getCodecType() == HttpConnectionManager.CodecType.HTTP3) {
      throw new IllegalArgumentException(
          "codec_type %s is not supported (expected: AUTO or HTTP1)".formatted(hcm.getCodecType()));
    }
    var source = hcm.getRds().getConfigSource();
    if (hcm.hasRds()) {
      Settings.requireAds("rds.config_source", source);
    }
    var common = hcm.getCommonHttpProtocolOptions();
    Set<String> upgrades = new TreeSet<>();
    for (var upgrade : hcm.getUpgradeConfigsList()) {
      if (!upgrade.hasEnabled() || upgrade.getEnabled().getValue()) {
        upgrades.add(upgrade.getUpgradeType().toLowerCase(Locale.ROOT));
      }
    }
    return new HcmConfig(
        hcm.getStatPrefix(),
        hcm.hasRds() ? hcm.getRds().getRouteConfigName() : null,
        hcm.hasRouteConfig() ? new Routes(RouteTable.compile(hcm.getRouteConfig())) : null,
        Settings.fetchTimeout(source),
        upgrades,
        hcm.getUseRemoteAddress().getValue(),
        hcm.getSkipXffAppend(),
        hcm.getServerName().isEmpty() ? "envoy" : hcm.getServerName(),
        switch (hcm.getServerHeaderTransformation()) {
          case OVERWRITE, UNRECOGNIZED -> HcmConfig.ServerHeader.OVERWRITE;
          case APPEND_IF_ABSENT -> HcmConfig.ServerHeader.APPEND_IF_ABSENT;
          case PASS_THROUGH -> HcmConfig.ServerHeader.PASS_THROUGH;
        },
        Settings.duration(
            hcm.hasStreamIdleTimeout(), hcm.getStreamIdleTimeout(), Duration.ofMinutes(5)),
        Settings.duration(hcm.hasRequestTimeout(), hcm.getRequestTimeout(), Duration.ZERO),
        Settings.duration(
            hcm.hasRequestHeadersTimeout(), hcm.getRequestHeadersTimeout(), Duration.ZERO),
        Settings.duration(
            common.hasMaxStreamDuration(), common.getMaxStreamDuration(), Duration.ZERO),
        Settings.duration(common.hasIdleTimeout(), common.getIdleTimeout(), HOUR),
        Settings.duration(hcm.hasDrainTimeout(), hcm.getDrainTimeout(), Duration.ofSeconds(5)),
        Settings.duration(
            hcm.hasDelayedCloseTimeout(), hcm.getDelayedCloseTimeout(), Duration.ofSeconds(1)),
        Settings.number(
            common.hasMaxRequestsPerConnection(), common.getMaxRequestsPerConnection(), 0),
        bufferLimit,
        1024 * Settings.number(hcm.hasMaxRequestHeadersKb(), hcm.getMaxRequestHeadersKb(), 60),
        Settings.number(common.hasMaxHeadersCount(), common.getMaxHeadersCount(), 100),
        !hcm.hasGenerateRequestId() || hcm.getGenerateRequestId().getValue(),
        hcm.getPreserveExternalRequestId(),
        hcm.getAlwaysSetRequestIdInResponse(),
        hcm.getNormalizePath().getValue(),
        hcm.getMergeSlashes(),
        switch (hcm.getPathWithEscapedSlashesAction()) {
          case IMPLEMENTATION_SPECIFIC_DEFAULT, KEEP_UNCHANGED, UNRECOGNIZED ->
              HcmConfig.EscapedSlashes.KEEP;
          case REJECT_REQUEST -> HcmConfig.EscapedSlashes.REJECT;
          case UNESCAPE_AND_REDIRECT -> HcmConfig.EscapedSlashes.UNESCAPE_AND_REDIRECT;
          case UNESCAPE_AND_FORWARD -> HcmConfig.EscapedSlashes.UNESCAPE_AND_FORWARD;
        },
        hcm.getStripAnyHostPort(),
        hcm.getProxy100Continue(),
        logs(hcm.getAccessLogList()));
  }

  private void checkHttpFilters(HttpConnectionManager hcm) {
    for (var filter : hcm.getHttpFiltersList()) {
      if (!(unpack(filter.getTypedConfig()) instanceof Router)) {
        throw new IllegalArgumentException(
            "http filter %s is not supported (expected: envoy.filters.http.router)"
                .formatted(filter.getName()));
      }
    }
    if (hcm.getHttpFiltersCount() != 1) {
      throw new IllegalArgumentException(
          "http_filters has %d filters (expected: the router, once)"
              .formatted(hcm.getHttpFiltersCount()));
    }
  }

  private TcpProxyConfig tcp(TcpProxy tcp) {
    var shares = new ArrayList<TcpProxyConfig.Share>();
    if (tcp.hasWeightedClusters()) {
      for (var cluster : tcp.getWeightedClusters().getClustersList()) {
        shares.add(
            new TcpProxyConfig.Share(
                cluster.getName(), Integer.toUnsignedLong(cluster.getWeight())));
      }
    } else {
      shares.add(new TcpProxyConfig.Share(tcp.getCluster(), 1));
    }
    return new TcpProxyConfig(
        tcp.getStatPrefix(),
        shares,
        Settings.duration(tcp.hasIdleTimeout(), tcp.getIdleTimeout(), HOUR),
        Settings.number(tcp.hasMaxConnectAttempts(), tcp.getMaxConnectAttempts(), 1),
        logs(tcp.getAccessLogList()));
  }

  private List<LogFormat> logs(List<AccessLog> logs) {
    return logs.stream().map(log -> log(unpack(log.getTypedConfig()))).toList();
  }

  private static LogFormat log(Message message) {
    return switch (message) {
      case FileAccessLog file -> fileLog(file);
      case StdoutAccessLog stdout ->
          stdout.hasLogFormat() ? format(stdout.getLogFormat()) : LogFormat.text(LogFormat.DEFAULT);
      default ->
          throw new IllegalArgumentException(
              message.getDescriptorForType().getFullName() + " is not an access log");
    };
  }

  @SuppressWarnings("deprecation") // format and json_format still arrive from older servers
  private static LogFormat fileLog(FileAccessLog file) {
    if (!CONTAINER_LOG.contains(file.getPath())) {
      throw new IllegalArgumentException(
          "access log path %s is not supported (expected: /dev/stdout or /dev/stderr)"
              .formatted(file.getPath()));
    }
    if (file.hasLogFormat()) {
      return format(file.getLogFormat());
    }
    if (file.hasJsonFormat()) {
      return LogFormat.json(strings(file.getJsonFormat()));
    }
    return LogFormat.text(file.getFormat().isEmpty() ? LogFormat.DEFAULT : file.getFormat());
  }

  @SuppressWarnings("deprecation") // text_format still arrives from older servers
  private static LogFormat format(SubstitutionFormatString format) {
    return switch (format.getFormatCase()) {
      case TEXT_FORMAT -> LogFormat.text(format.getTextFormat());
      case TEXT_FORMAT_SOURCE -> LogFormat.text(inline(format.getTextFormatSource()));
      case JSON_FORMAT -> LogFormat.json(strings(format.getJsonFormat()));
      case FORMAT_NOT_SET -> LogFormat.text(LogFormat.DEFAULT);
    };
  }

  private static String inline(DataSource source) {
    return source.hasInlineBytes()
        ? source.getInlineBytes().toStringUtf8()
        : source.getInlineString();
  }

  private static Map<String, String> strings(com.google.protobuf.Struct struct) {
    var fields = new LinkedHashMap<String, String>();
    struct
        .getFieldsMap()
        .forEach(
            (key, value) -> {
              if (!value.hasStringValue()) {
                throw new IllegalArgumentException(
                    "json_format.%s is not a string (expected: a format)".formatted(key));
              }
              fields.put(key, value.getStringValue());
            });
    return fields;
  }
}
