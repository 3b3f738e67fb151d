package heddle.proxy.http;

import heddle.proxy.accesslog.LogFormat;
import heddle.xds.route.RouteTable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection manager's settings. Envoy: {@code HttpConnectionManager}. Durations of zero mean
 * none.
 *
 * @param routeName route configuration to ask for, or null when {@code inlineRoutes} is there
 * @param upgrades upgrade types that are let through, lower case
 * @param trustedHops Envoy: {@code xff_num_trusted_hops}
 * @param serverName value of the {@code server} header
 * @param maxHeaderBytes request line and headers
 * @param accessLogs a line of each per request
 */
public record HcmConfig(
    String statPrefix,
    @Nullable String routeName,
    @Nullable RouteTable inlineRoutes,
    Set<String> upgrades,
    boolean useRemoteAddress,
    boolean skipXffAppend,
    int trustedHops,
    String serverName,
    ServerHeader serverHeader,
    Duration streamIdleTimeout,
    Duration requestTimeout,
    Duration headersTimeout,
    Duration idleTimeout,
    Duration maxConnectionDuration,
    int maxHeaderBytes,
    int maxHeaderCount,
    boolean generateRequestId,
    boolean preserveExternalRequestId,
    boolean requestIdInResponse,
    boolean normalizePath,
    boolean mergeSlashes,
    EscapedSlashes escapedSlashes,
    boolean stripAnyHostPort,
    List<LogFormat> accessLogs) {

  public HcmConfig {
    upgrades = Set.copyOf(upgrades);
    accessLogs = List.copyOf(accessLogs);
  }

  /** What happens to the upstream's {@code server} header. */
  public enum ServerHeader {
    OVERWRITE,
    APPEND_IF_ABSENT,
    PASS_THROUGH
  }

  /** What happens to {@code %2F} and {@code %5C} in paths. */
  public enum EscapedSlashes {
    KEEP,
    REJECT,
    UNESCAPE_AND_REDIRECT,
    UNESCAPE_AND_FORWARD
  }
}
