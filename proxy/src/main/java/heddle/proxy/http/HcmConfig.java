package heddle.proxy.http;

import heddle.proxy.accesslog.LogFormat;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection manager's settings. Envoy: {@code HttpConnectionManager}. Durations of zero mean
 * none.
 *
 * @param routeName route configuration to ask for, or null when {@code inlineRoutes} is there
 * @param routesTimeout how long a listener waits for them before it serves without (404)
 * @param upgrades upgrade types that are let through, lower case
 * @param serverName value of the {@code server} header
 * @param requestTimeout from a request's first byte to its last
 * @param requestHeadersTimeout from a request's first byte to the end of its head
 * @param maxStreamDuration from a request's first byte to the end of its response
 * @param idleTimeout after which a connection without requests begins to close
 * @param drainTimeout between that and the close; a request that comes meanwhile is the last
 * @param delayedCloseTimeout how long a client may go on sending after it got its last response
 * @param maxRequestsPerConnection 0: unlimited
 * @param bufferLimit bytes of a request's body that are kept for retries; Envoy: the listener's
 *     {@code per_connection_buffer_limit_bytes}
 * @param maxHeaderBytes request line and headers
 * @param proxyInterim whether {@code Expect} is the upstream's to answer and a 1xx goes through;
 *     Envoy: {@code proxy_100_continue}
 * @param accessLogs a line of each per request
 */
public record HcmConfig(
    String statPrefix,
    @Nullable String routeName,
    @Nullable Routes inlineRoutes,
    Duration routesTimeout,
    Set<String> upgrades,
    boolean useRemoteAddress,
    boolean skipXffAppend,
    String serverName,
    ServerHeader serverHeader,
    Duration streamIdleTimeout,
    Duration requestTimeout,
    Duration requestHeadersTimeout,
    Duration maxStreamDuration,
    Duration idleTimeout,
    Duration drainTimeout,
    Duration delayedCloseTimeout,
    int maxRequestsPerConnection,
    int bufferLimit,
    int maxHeaderBytes,
    int maxHeaderCount,
    boolean generateRequestId,
    boolean preserveExternalRequestId,
    boolean requestIdInResponse,
    boolean normalizePath,
    boolean mergeSlashes,
    EscapedSlashes escapedSlashes,
    boolean stripAnyHostPort,
    boolean proxyInterim,
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
