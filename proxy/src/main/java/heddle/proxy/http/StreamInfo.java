package heddle.proxy.http;

import heddle.proxy.accesslog.LogRecord;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.upstream.Host;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one request for access logs and header formats: when things happened, where
 * it went, how it ended. Times are from the start of the request, on the environment's ticker.
 */
final class StreamInfo implements LogRecord {
  private static final long NEVER = Long.MIN_VALUE;

  private final Request request;
  private final Downstream downstream;
  private final Ticker ticker;
  private final long startMillis;
  private final long startNanos;
  private long requestCompleteNanos = NEVER;
  private long responseStartNanos = NEVER;
  private long endNanos = NEVER;
  private @Nullable Routed routed;
  private @Nullable String cluster;
  private @Nullable Host host;
  private @Nullable SocketAddress upstreamLocal;
  private @Nullable HeaderBlock responseHeaders;
  private @Nullable String details;
  private @Nullable String upstreamFailure;
  private @Nullable String clientAddress;
  private String flags = "";
  private int attempts;
  private int status;
  private long received;
  private long sent;

  /**
   * @param startNanos when the request's first byte came
   */
  StreamInfo(Request request, Downstream downstream, HttpEnvironment environment, long startNanos) {
    this.request = request;
    this.downstream = downstream;
    this.ticker = environment.ticker();
    this.startNanos = startNanos;
    this.startMillis =
        environment.clock().millis()
            - TimeUnit.NANOSECONDS.toMillis(ticker.nanoTime() - startNanos);
  }

  // ---- told as the request goes on ----

  void matched(@Nullable Routed decision) {
    routed = decision;
  }

  void clientAddress(@Nullable String named) {
    clientAddress = named;
  }

  void towards(String clusterName) {
    cluster = clusterName;
  }

  void attemptAt(Host next) {
    attempts++;
    host = next;
    upstreamLocal = null;
  }

  /** Envoy counts an attempt that finds no host. */
  void attemptWithoutHost() {
    attempts++;
  }

  /** The attempt never got as far as to its host. */
  void withoutHost() {
    host = null;
  }

  void connected(@Nullable SocketAddress local) {
    upstreamLocal = local;
  }

  void failedWith(String transportDetail) {
    upstreamFailure = transportDetail;
  }

  void requestComplete() {
    requestCompleteNanos = ticker.nanoTime();
  }

  void responseStarted(int code, HeaderBlock headers) {
    status = code;
    responseHeaders = headers;
    responseStartNanos = ticker.nanoTime();
  }

  void received(long bytes) {
    received += bytes;
  }

  void sent(long bytes) {
    sent += bytes;
  }

  /** Adds one of Envoy's response flags, once. */
  void flag(String flag) {
    if (flags.isEmpty()) {
      flags = flag;
    } else if (!(',' + flags + ',').contains(',' + flag + ',')) {
      flags = flags + ',' + flag;
    }
  }

  void details(String why) {
    details = why;
  }

  void end() {
    endNanos = ticker.nanoTime();
  }

  // ---- asked ----

  boolean isRequestComplete() {
    return requestCompleteNanos != NEVER;
  }

  /** Milliseconds since the request was complete; only once it is. */
  long millisSinceRequest() {
    return TimeUnit.NANOSECONDS.toMillis(ticker.nanoTime() - requestCompleteNanos);
  }

  long nanosSinceStart() {
    return ticker.nanoTime() - startNanos;
  }

  private long millisAt(long nanos) {
    return nanos == NEVER ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos - startNanos);
  }

  @Override
  public Instant startTime() {
    return Instant.ofEpochMilli(startMillis);
  }

  @Override
  public @Nullable String requestHeader(String name) {
    return request.first(name);
  }

  @Override
  public @Nullable String responseHeader(String name) {
    return responseHeaders == null ? null : responseHeaders.joined(name);
  }

  @Override
  public String protocol() {
    return "HTTP/1.1";
  }

  @Override
  public int responseCode() {
    return status;
  }

  @Override
  public @Nullable String responseCodeDetails() {
    return details;
  }

  @Override
  public @Nullable String responseFlags() {
    return flags.isEmpty() ? null : flags;
  }

  @Override
  public long bytesReceived() {
    return received;
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public long durationMillis() {
    return millisAt(endNanos == NEVER ? ticker.nanoTime() : endNanos);
  }

  @Override
  public long requestMillis() {
    return millisAt(requestCompleteNanos);
  }

  @Override
  public long responseMillis() {
    return attempts == 0 ? -1 : millisAt(responseStartNanos);
  }

  @Override
  public int attempts() {
    return attempts;
  }

  @Override
  public @Nullable String upstreamHost() {
    return host == null ? null : host.label();
  }

  @Override
  public @Nullable String upstreamCluster() {
    return cluster;
  }

  @Override
  public @Nullable String upstreamLocalAddress() {
    return upstreamLocal instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : null;
  }

  @Override
  public @Nullable String upstreamFailure() {
    return upstreamFailure;
  }

  @Override
  public @Nullable String routeName() {
    return routed == null || routed.route().name().isEmpty() ? null : routed.route().name();
  }

  @Override
  public @Nullable String virtualHost() {
    return routed == null ? null : routed.host().name();
  }

  @Override
  public String downstreamRemoteAddress() {
    return clientAddress == null ? downstream.remote() : clientAddress;
  }

  @Override
  public String downstreamDirectRemoteAddress() {
    return downstream.remote();
  }

  @Override
  public String downstreamLocalAddress() {
    return downstream.local();
  }

  @Override
  public @Nullable String serverName() {
    return null; // TLS is not terminated
  }

  @Override
  public long connectionId() {
    return downstream.id();
  }
}
