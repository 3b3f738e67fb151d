package heddle.proxy.http;

import heddle.proxy.accesslog.LogFormat;
import heddle.proxy.accesslog.LogRecord;
import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.upstream.Cluster;
import heddle.proxy.upstream.Host;
import heddle.proxy.upstream.Reset;
import heddle.xds.route.Action;
import heddle.xds.route.HeaderEdits;
import heddle.xds.route.HostRoutes;
import heddle.xds.route.RequestView;
import heddle.xds.route.RouteEntry;
import heddle.xds.route.RouteTable;
import heddle.xds.route.Selection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request, from its head to its access log line. The order of work is Envoy's: checks, header
 * sanitation, route, action; then attempts at hosts until a response may go to the client.
 *
 * <p>Above 500 lines because the request's state is one thing: what may happen next depends on all
 * of it. What could be told apart is in {@code RequestHeaders}, {@code Rewrites}, {@code
 * RequestBody}, {@code RetryState} and {@code Attempt}.
 */
final class HttpStream implements RequestView, LogRecord {
  private final HttpConnection connection;
  private final HttpEnvironment environment;
  private final HcmConfig config;
  private final HcmStats stats;
  private final HttpMethod method;
  private final HeaderBlock headers;
  private final RequestBody body;
  private final long startNanos;
  private final long startMillis;
  private final Set<String> flags = new LinkedHashSet<>(2);
  private String path;
  private String authority = "";
  private long random;
  private boolean isHttp11;
  private boolean clientCloses;
  private @Nullable String upgrade;

  private @Nullable RouteTable table;
  private @Nullable HostRoutes host;
  private @Nullable RouteEntry route;
  private Action.@Nullable Forward forward;
  private Action.@Nullable WeightedCluster weighted;
  private @Nullable Cluster cluster;
  private @Nullable RetryState retry;
  private @Nullable Set<Host> tried;
  private @Nullable Attempt attempt;
  private @Nullable Future<?> backOff;
  private @Nullable Host lastHost;
  private int attempts;
  private boolean anyStarted;

  private boolean requestComplete;
  private long requestCompleteNanos;
  private boolean responseStarted;
  private boolean chunkedResponse;
  private boolean bodilessResponse;
  private boolean done;
  private @Nullable HeaderBlock responseHeaders;
  private int responseCode;
  private @Nullable String details;
  private @Nullable String upstreamFailure;
  private @Nullable String upstreamLocal;
  private long firstResponseNanos = -1;
  private long sent;
  private long endNanos;

  HttpStream(HttpConnection connection, HttpRequest request) {
    this.connection = connection;
    this.environment = connection.environment();
    this.config = connection.config();
    this.stats = connection.stats();
    this.method = request.method();
    this.path = request.uri();
    this.headers = request.headers() instanceof HeaderBlock block ? block : new HeaderBlock();
    this.startNanos = environment.ticker().nanoTime();
    this.startMillis = environment.clock().millis();
    this.isHttp11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    this.clientCloses = H1.closes(request);
    this.body = new RequestBody(connection);
  }

  // ---- the request's head ----

  void start() {
    var refusal = RequestHeaders.checkFraming(headers, config.maxHeaderCount());
    if (refusal != null) {
      protocolError(refusal.status(), refusal.details());
      return;
    }
    body.framing(headers);
    if (!isHttp11) {
      localReply(426, "", null, "low_version");
      return;
    }
    if (method.equals(HttpMethod.CONNECT)) {
      refuseAndClose(403, "upgrade_failed");
      return;
    }
    if (!target()) {
      return;
    }
    random = environment.random().nextLong();
    answerExpect();
    if (!readUpgrade()) {
      return;
    }
    if (!RequestHeaders.dropHopByHop(headers, upgrade != null)) {
      localReply(400, "", null, "invalid_connection_header");
      return;
    }
    RequestHeaders.sanitize(headers, config, connection.peer(), environment.random());
    if (!config.streamIdleTimeout().isZero()) {
      connection.streamIdle().in(config.streamIdleTimeout().toNanos());
    }
    if (!config.requestTimeout().isZero()) {
      connection.requestTimeout().in(config.requestTimeout().toNanos());
    }
    routeAndAct();
  }

  /** Reads authority and path; false when the request was answered. */
  private boolean target() {
    CharSequence hostHeader = headers.first(Names.HOST);
    if (path.regionMatches(true, 0, "http://", 0, 7)) {
      int slash = path.indexOf('/', 7);
      authority = slash < 0 ? path.substring(7) : path.substring(7, slash);
      path = slash < 0 ? "/" : path.substring(slash);
      headers.put(Names.HOST, authority);
    } else if (hostHeader != null) {
      authority = hostHeader.toString();
    }
    if (authority.isEmpty()) {
      localReply(400, "", null, "missing_host_header");
      return false;
    }
    if (!path.startsWith("/")) {
      stats.downstreamRqNonRelativePath.inc();
      localReply(404, "", null, "absolute_path_rejected");
      return false;
    }
    if (path.indexOf('#') >= 0) {
      localReply(400, "", null, "path_normalization_failed");
      return false;
    }
    if (config.stripAnyHostPort()) {
      int colon = authority.lastIndexOf(':');
      if (colon > authority.lastIndexOf(']')) {
        authority = authority.substring(0, colon);
        headers.put(Names.HOST, authority);
      }
    }
    return normalizePath();
  }

  private boolean normalizePath() {
    if (config.escapedSlashes() != HcmConfig.EscapedSlashes.KEEP
        && PathNormalizer.hasEscapedSlash(path)) {
      switch (config.escapedSlashes()) {
        case KEEP -> {}
        case REJECT -> {
          stats.downstreamRqFailedPathNormalization.inc();
          localReply(400, "", null, "path_normalization_failed");
          return false;
        }
        case UNESCAPE_AND_REDIRECT -> {
          redirect(307, PathNormalizer.unescapeSlashes(path), "path_normalization_redirect");
          return false;
        }
        case UNESCAPE_AND_FORWARD -> path = PathNormalizer.unescapeSlashes(path);
      }
    }
    if (config.normalizePath() || config.mergeSlashes()) {
      String normalized = PathNormalizer.apply(path, config);
      if (normalized == null) {
        stats.downstreamRqFailedPathNormalization.inc();
        localReply(400, "", null, "path_normalization_failed");
        return false;
      }
      path = normalized;
    }
    return true;
  }

  private void answerExpect() {
    CharSequence expect = headers.first(Names.EXPECT);
    if (expect != null && AsciiString.contentEqualsIgnoreCase(expect, "100-continue")) {
      headers.drop(Names.EXPECT);
      stats.downstreamRqCompleted.inc();
      stats.downstreamRqCodes.inc(100);
      connection.writeContinue();
    }
  }

  /** Recognises an upgrade; false when it was refused. */
  private boolean readUpgrade() {
    CharSequence wanted = headers.first(Names.UPGRADE);
    CharSequence nominated = headers.first(H1.CONNECTION);
    if (wanted == null || nominated == null || !H1.hasElement(nominated, "upgrade")) {
      return true;
    }
    String type = wanted.toString().toLowerCase(Locale.ROOT);
    if (type.equals("h2c")) {
      return true;
    }
    upgrade = type;
    return true;
  }

  private boolean upgradeAllowed(Map<String, Boolean> byRoute) {
    Boolean decided = byRoute.get(upgrade);
    return decided != null ? decided : config.upgrades().contains(upgrade);
  }

  // ---- route and action ----

  private void routeAndAct() {
    String name = config.routeName();
    table = name == null ? config.inlineRoutes() : environment.routes(name);
    Selection selection = table == null ? null : table.select(this, random);
    if (upgrade != null && !upgradeAllowed(upgradesOf(selection))) {
      stats.downstreamRqWsOnNonWsRoute.inc();
      refuseAndClose(403, "upgrade_failed");
      return;
    }
    stats.rqTotal.inc();
    if (!(selection instanceof Selection.Selected(var matchedHost, var matchedRoute))) {
      stats.noRoute.inc();
      localReply(404, "", "NR", "route_not_found");
      return;
    }
    host = matchedHost;
    route = matchedRoute;
    switch (matchedRoute.action()) {
      case Action.Respond(int status, String text) -> {
        stats.rqDirectResponse.inc();
        localReply(status, text, null, "direct_response");
      }
      case Action.Redirect redirect -> {
        stats.rqDirectResponse.inc();
        stats.rqRedirect.inc();
        redirect(
            redirect.status(),
            Rewrites.location(redirect, matchedRoute, scheme(), authority, path),
            "direct_response");
      }
      case Action.Forward to -> forward(to, matchedRoute);
    }
  }

  private static Map<String, Boolean> upgradesOf(@Nullable Selection selection) {
    return selection instanceof Selection.Selected(var matchedHost, var matchedRoute)
            && matchedRoute.action() instanceof Action.Forward to
        ? to.upgrades()
        : Map.of();
  }

  private String scheme() {
    CharSequence scheme = headers.first(Names.X_FORWARDED_PROTO);
    return scheme == null ? "http" : scheme.toString();
  }

  private void redirect(int status, String location, String why) {
    var extra = new HeaderBlock();
    extra.append(Names.LOCATION, location);
    reply(status, "", null, why, extra);
  }

  private void forward(Action.Forward to, RouteEntry matched) {
    forward = to;
    String name = clusterName(to.clusters());
    cluster = name == null ? null : environment.clusters().get(name);
    Cluster target = cluster;
    if (target == null) {
      stats.noCluster.inc();
      localReply(to.clusterNotFoundStatus(), "", "NC", "cluster_not_found");
      return;
    }
    Host first = pickHost(target, null);
    if (first == null) {
      localReply(503, "no healthy upstream", "UH", "no_healthy_upstream");
      return;
    }
    Duration idle = to.idleTimeout();
    if (idle != null) {
      if (idle.isZero()) {
        connection.streamIdle().clear();
      } else {
        connection.streamIdle().in(idle.toNanos());
      }
    }
    editRequest(to, matched);
    var rule = to.retry();
    if (rule != null && !rule.on().isEmpty() && rule.appliesTo(this) && upgrade == null) {
      retry = new RetryState(rule, target, environment.random());
      body.keepForReplay(target.stats().retryOrShadowAbandoned);
    }
    attempt(target, first);
  }

  private @Nullable String clusterName(Action.ClusterChoice choice) {
    return switch (choice) {
      case Action.ClusterChoice.Single(var name) -> name;
      case Action.ClusterChoice.FromHeader(var header) -> {
        CharSequence value = headers.first(AsciiString.cached(header));
        yield value == null ? null : value.toString();
      }
      case Action.ClusterChoice.Weighted choices -> {
        weighted = choices.pick(weightedRandom(choices.randomHeader()));
        yield weighted.name();
      }
    };
  }

  private long weightedRandom(@Nullable String header) {
    String value = header == null ? null : headers.joined(header);
    try {
      return value == null ? random : Long.parseUnsignedLong(value);
    } catch (NumberFormatException notANumber) {
      return random; // Envoy: a bad value falls back to the stream's own random number
    }
  }

  private void editRequest(Action.Forward to, RouteEntry matched) {
    RouteTable from = table;
    HostRoutes within = host;
    if (from != null && within != null) {
      HeaderEdits share = weighted == null ? HeaderEdits.NONE : weighted.edits();
      if (from.mostSpecificWins()) {
        editRequest(from.edits(), within.edits(), matched.edits(), share);
      } else {
        editRequest(share, matched.edits(), within.edits(), from.edits());
      }
    }
    var pathRewrite = to.path();
    if (pathRewrite != null) {
      headers.put(Names.X_ENVOY_ORIGINAL_PATH, path);
      path = Rewrites.path(path, matched.path(), pathRewrite);
    }
    String rewrite = weighted == null ? null : weighted.hostRewrite();
    if (rewrite == null) {
      rewrite =
          switch (to.host()) {
            case Action.HostRewrite.Literal(var literal) -> literal;
            case Action.HostRewrite.FromHeader(var header) -> headers.joined(header);
            case Action.HostRewrite.Endpoint() -> null;
            case null -> null;
          };
    }
    if (rewrite != null && !rewrite.isEmpty()) {
      rewriteHost(rewrite);
    }
  }

  private void editRequest(HeaderEdits... levels) {
    for (HeaderEdits level : levels) {
      if (!level.isEmpty()) {
        Rewrites.request(headers, level, this);
      }
    }
  }

  private void rewriteHost(String to) {
    if (to.equals(authority)) {
      return;
    }
    if (forward != null && forward.appendForwardedHost()) {
      String before = headers.joined("x-forwarded-host");
      headers.put(Names.X_FORWARDED_HOST, before == null ? authority : before + "," + authority);
    }
    headers.put(Names.X_ENVOY_ORIGINAL_HOST, authority);
    headers.put(Names.HOST, to);
    authority = to;
  }

  // ---- attempts ----

  private @Nullable Host pickHost(Cluster target, @Nullable RetryState retrying) {
    if (target.config().discovery()
        instanceof heddle.proxy.upstream.ClusterConfig.Discovery.OriginalDestination) {
      return target.hostFor(connection.destination());
    }
    Host picked = target.pick();
    Set<Host> before = tried;
    if (retrying != null && retrying.rule().avoidPreviousHosts() && before != null) {
      for (int i = 0;
          i < retrying.rule().reselections() && picked != null && before.contains(picked);
          i++) {
        picked = target.pick();
      }
    }
    return picked;
  }

  private void attempt(Cluster target, Host at) {
    attempts++;
    lastHost = at;
    if (retry != null) {
      if (tried == null) {
        tried = new HashSet<>(4);
      }
      tried.add(at);
    }
    if (host != null && host.attemptCountInRequest()) {
      headers.put(Names.X_ENVOY_ATTEMPT_COUNT, Integer.toString(attempts));
    }
    if (forward != null
        && forward.host() instanceof Action.HostRewrite.Endpoint
        && !at.endpoint().hostname().isEmpty()) {
      rewriteHost(at.endpoint().hostname());
    }
    putExpectedTimeout();
    var next = new Attempt(this, target, at);
    attempt = next;
    next.begin();
  }

  private void putExpectedTimeout() {
    long millis = globalTimeout().toMillis();
    var rule = retry == null ? null : retry.rule();
    Duration perTry = rule == null ? null : rule.perTryTimeout();
    if (perTry != null && !perTry.isZero() && (millis == 0 || perTry.toMillis() < millis)) {
      millis = perTry.toMillis();
    } else if (millis > 0 && requestComplete) {
      long elapsed =
          TimeUnit.NANOSECONDS.toMillis(environment.ticker().nanoTime() - requestCompleteNanos);
      millis = Math.max(1, millis - elapsed);
    }
    if (millis > 0) {
      headers.put(Names.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, Long.toString(millis));
    }
  }

  private Duration globalTimeout() {
    if (forward == null) {
      return Duration.ZERO;
    }
    Duration stream = forward.maxStreamDuration();
    return stream != null ? stream : upgrade != null ? Duration.ZERO : forward.timeout();
  }

  /** Sends head and body so far on an attempt's connection. */
  void sendOn(heddle.proxy.upstream.UpstreamConnection to) {
    upstreamLocal = null;
    anyStarted = true;
    to.head(method, path, headers);
    body.sendTo(to, requestComplete);
    if (requestComplete) {
      startPerTryTimeout();
    }
  }

  private void startPerTryTimeout() {
    var rule = retry == null ? null : retry.rule();
    if (rule == null && forward != null) {
      rule = forward.retry();
    }
    if (rule == null || attempt == null || !attempt.connected()) {
      return;
    }
    Duration perTry = rule.perTryTimeout();
    Duration global = globalTimeout();
    if (perTry != null && !perTry.isZero() && (global.isZero() || perTry.compareTo(global) < 0)) {
      connection.perTryTimeout().in(perTry.toNanos());
    }
  }

  boolean requestComplete() {
    return requestComplete;
  }

  void onRequestBody(ByteBuf data) {
    touch();
    Attempt current = attempt;
    body.add(data, current == null ? null : current.connection());
    if (body.overflowed() && retry != null) {
      retry.release();
      retry = null;
      if (backOff != null) {
        localReply(
            507,
            "exceeded request buffer limit while retrying upstream",
            null,
            "request_payload_exceeded_retry_buffer_limit");
      }
    }
  }

  void onRequestEnd() {
    requestComplete = true;
    requestCompleteNanos = environment.ticker().nanoTime();
    connection.requestTimeout().clear();
    if (done) {
      return;
    }
    Duration global = globalTimeout();
    if (!global.isZero()) {
      connection.routeTimeout().in(global.toNanos());
    }
    Attempt current = attempt;
    if (current != null && current.connected()) {
      startPerTryTimeout();
      body.end(current.connectionOrThrow());
    }
  }

  void onRequestReadComplete() {
    Attempt current = attempt;
    if (current != null && current.connected() && !requestComplete) {
      current.connectionOrThrow().flush();
    }
  }

  private void touch() {
    if (connection.streamIdle().isSet()) {
      Duration idle =
          forward != null && forward.idleTimeout() != null
              ? forward.idleTimeout()
              : config.streamIdleTimeout();
      connection.streamIdle().in(idle.toNanos());
    }
  }

  // ---- outcomes of an attempt ----

  /** The head of an attempt's response: another attempt, or on to the client. */
  void onResponse(Attempt from, HttpResponse response, boolean end) {
    connection.perTryTimeout().clear();
    int status = response.status().code();
    Cluster target = from.cluster();
    RetryState state = retry;
    if (state != null && !responseStarted) {
      switch (state.onResponse(status, new ResponseView((HeaderBlock) response.headers()))) {
        case RETRY -> {
          target.stats().retryCompleted.inc();
          target.stats().retryCodes.inc(status);
          from.abandon(end);
          scheduleRetry(state);
          return;
        }
        case LIMIT_EXCEEDED -> flags.add("URX");
        case OVERFLOW -> flags.add("UO");
        case NOT_RETRIABLE -> {}
      }
    }
    body.release();
    target.stats().charge(status);
    details = "via_upstream";
    sendHead(response, end);
  }

  private void scheduleRetry(RetryState state) {
    attempt = null;
    long delay = state.nextDelayNanos();
    backOff = connection.loop().schedule(() -> retryNow(state), delay, TimeUnit.NANOSECONDS);
  }

  private void retryNow(RetryState state) {
    backOff = null;
    String name = cluster == null ? null : cluster.config().name();
    Cluster target = name == null ? null : environment.clusters().get(name);
    Host next = target == null ? null : pickHost(target, state);
    if (target == null || next == null) {
      localReply(503, "no healthy upstream", "UH", "no_healthy_upstream");
      return;
    }
    attempt(target, next);
  }

  /** An attempt ended before its response's head. */
  void onReset(Attempt from, Reset reset, String transportDetail) {
    connection.perTryTimeout().clear();
    if (!transportDetail.isEmpty()) {
      upstreamFailure = transportDetail;
    }
    if (responseStarted) {
      flags.add(reset.flag());
      details = "upstream_reset_after_response_started{" + underscored(reset) + "}";
      finish();
      connection.abort();
      return;
    }
    if (retried(reset)) {
      return;
    }
    boolean wasRetried = attempts > 1;
    String text =
        "upstream connect error or disconnect/reset before headers. "
            + (wasRetried ? "retried and the latest reset reason: " : "reset reason: ")
            + reset.text()
            + (transportDetail.isEmpty() ? "" : ", transport failure reason: " + transportDetail);
    HeaderBlock extra = null;
    if (reset == Reset.OVERFLOW) {
      extra = new HeaderBlock();
      extra.append(Names.X_ENVOY_OVERLOADED, Names.TRUE);
    }
    attempt = null;
    reply(
        reset.status(),
        text,
        reset.flag(),
        "upstream_reset_before_response_started{" + underscored(reset) + "}",
        extra);
  }

  private static String underscored(Reset reset) {
    return reset.text().replace(' ', '_');
  }

  /** Whether a reset is followed by another attempt; notes the flags when it is not. */
  private boolean retried(Reset reset) {
    RetryState state = retry;
    if (state == null) {
      return false;
    }
    switch (state.onReset(reset, anyStarted)) {
      case RETRY -> {
        scheduleRetry(state);
        return true;
      }
      case LIMIT_EXCEEDED -> flags.add("URX");
      case OVERFLOW -> flags.add("UO");
      case NOT_RETRIABLE -> {}
    }
    return false;
  }

  void onPerTryTimeout() {
    Attempt current = attempt;
    if (current == null || responseStarted) {
      return;
    }
    current.cluster().stats().upstreamRqPerTryTimeout.inc();
    current.timedOut();
    if (retried(Reset.LOCAL_RESET)) {
      return;
    }
    attempt = null;
    localReply(504, "upstream request timeout", "UT", "upstream_per_try_timeout");
  }

  void onRouteTimeout() {
    Attempt current = attempt;
    if (current != null) {
      current.cluster().stats().upstreamRqTimeout.inc();
      current.timedOut();
      attempt = null;
    }
    if (responseStarted) {
      flags.add("UT");
      details = "response_timeout";
      finish();
      connection.abort();
      return;
    }
    localReply(504, "upstream request timeout", "UT", "response_timeout");
  }

  void onIdleTimeout() {
    stats.downstreamRqIdleTimeout.inc();
    flags.add("SI");
    if (responseStarted) {
      details = "stream_idle_timeout";
      dropAttempt();
      finish();
      connection.abort();
      return;
    }
    dropAttempt();
    localReply(requestComplete ? 504 : 408, "stream timeout", "SI", "stream_idle_timeout");
  }

  void onRequestTimeout() {
    if (!requestComplete && !responseStarted) {
      stats.downstreamRqTimeout.inc();
      dropAttempt();
      localReply(408, "request timeout", null, "request_overall_timeout");
    }
  }

  private void dropAttempt() {
    Attempt current = attempt;
    attempt = null;
    if (current != null) {
      current.cancel();
    }
  }

  void onDownstreamClosed() {
    if (done) {
      return;
    }
    flags.add("DC");
    details = "downstream_remote_disconnect";
    stats.downstreamRqRxReset.inc();
    dropAttempt();
    finish();
  }

  void onDownstreamWritable(boolean writable) {
    Attempt current = attempt;
    if (current != null && current.connected()) {
      current.connectionOrThrow().reading(writable);
    }
  }

  void onUpstreamWritable(boolean writable) {
    if (!requestComplete && !done) {
      connection.reading(writable);
    }
  }

  // ---- the response ----

  void onInformational(HttpResponse response) {
    int status = response.status().code();
    if (status == 100 || status == 102 || status == 103) {
      retry = releaseRetry();
      RequestHeaders.dropHopByHop((HeaderBlock) response.headers(), false);
      connection.writeHead(response.status(), response.headers());
      connection.flush();
    }
  }

  private @Nullable RetryState releaseRetry() {
    if (retry != null) {
      retry.release();
      body.release();
    }
    return null;
  }

  private void sendHead(HttpResponse response, boolean end) {
    var out = (HeaderBlock) response.headers();
    int status = response.status().code();
    boolean upstreamChunked = H1.chunked(out);
    boolean upgrading = status == 101 && upgrade != null;
    RequestHeaders.dropHopByHop(out, upgrading);
    out.drop(H1.TRANSFER_ENCODING);
    bodilessResponse =
        method.equals(HttpMethod.HEAD) || status == 204 || status == 304 || upgrading;
    if (!bodilessResponse && out.find(H1.CONTENT_LENGTH, 0) < 0) {
      chunkedResponse = true;
    }
    if (status == 204) {
      out.drop(H1.CONTENT_LENGTH);
    }
    if (requestComplete) {
      long millis =
          TimeUnit.NANOSECONDS.toMillis(environment.ticker().nanoTime() - requestCompleteNanos);
      out.put(Names.X_ENVOY_UPSTREAM_SERVICE_TIME, Long.toString(millis));
    }
    editResponse(out);
    if (chunkedResponse || (bodilessResponse && upstreamChunked && status != 204)) {
      out.append(H1.TRANSFER_ENCODING, H1.CHUNKED);
    }
    if (!requestComplete) {
      stats.downstreamRqResponseBeforeRqComplete.inc();
    }
    writeHead(response.status(), out, upgrading);
  }

  private void editResponse(HeaderBlock out) {
    if (host != null && host.attemptCountInResponse() && attempts > 0) {
      out.put(Names.X_ENVOY_ATTEMPT_COUNT, Integer.toString(attempts));
    }
    RouteTable from = table;
    HostRoutes within = host;
    RouteEntry matched = route;
    if (from == null || within == null || matched == null) {
      return;
    }
    HeaderEdits share = weighted == null ? HeaderEdits.NONE : weighted.edits();
    HeaderEdits[] levels =
        from.mostSpecificWins()
            ? new HeaderEdits[] {from.edits(), within.edits(), matched.edits(), share}
            : new HeaderEdits[] {share, matched.edits(), within.edits(), from.edits()};
    for (HeaderEdits level : levels) {
      if (!level.isEmpty()) {
        Rewrites.response(out, level, this);
      }
    }
  }

  private void writeHead(HttpResponseStatus status, HeaderBlock out, boolean upgrading) {
    responseStarted = true;
    responseCode = status.code();
    responseHeaders = out;
    firstResponseNanos = environment.ticker().nanoTime();
    if (out.find(Names.DATE, 0) < 0) {
      out.append(Names.DATE, environment.date());
    }
    switch (config.serverHeader()) {
      case OVERWRITE -> out.put(Names.SERVER, config.serverName());
      case APPEND_IF_ABSENT -> {
        if (out.find(Names.SERVER, 0) < 0) {
          out.append(Names.SERVER, config.serverName());
        }
      }
      case PASS_THROUGH -> {}
    }
    if (config.requestIdInResponse()) {
      CharSequence id = headers.first(Names.X_REQUEST_ID);
      if (id != null) {
        out.put(Names.X_REQUEST_ID, id);
      }
    }
    if (!upgrading) {
      if (connection.draining() && !clientCloses) {
        stats.downstreamCxDrainClose.inc();
        clientCloses = true;
      }
      if (clientCloses || !requestComplete) {
        clientCloses = true;
        out.put(H1.CONNECTION, H1.CLOSE);
      }
    }
    touch();
    connection.writeHead(status, out);
  }

  void onResponseBody(ByteBuf data) {
    if (bodilessResponse || done) {
      data.release();
      return;
    }
    touch();
    int size = data.readableBytes();
    sent += size;
    if (chunkedResponse) {
      connection.write(H1.chunkStart(connection.alloc(), size));
      connection.write(data);
      connection.write(H1.chunkEnd());
    } else {
      connection.write(data);
    }
    if (!connection.writable() && attempt != null && attempt.connected()) {
      attempt.connectionOrThrow().reading(false);
    }
  }

  void onResponseReadComplete() {
    if (!done && responseStarted) {
      connection.flush();
    }
  }

  void onResponseEnd(Attempt from) {
    attempt = null;
    if (chunkedResponse) {
      connection.write(H1.lastChunk());
    }
    if (requestComplete) {
      from.cluster()
          .stats()
          .upstreamRqTime
          .record(
              TimeUnit.NANOSECONDS.toMillis(
                  environment.ticker().nanoTime() - requestCompleteNanos));
    }
    finish();
    connection.streamDone(clientCloses || !requestComplete, requestComplete);
  }

  /** A 101 arrived: both connections become a pipe. */
  void onUpgraded(Attempt from, HttpResponse response) {
    if (upgrade == null) {
      onReset(from, Reset.PROTOCOL_ERROR, "");
      from.cancel();
      return;
    }
    connection.perTryTimeout().clear();
    connection.routeTimeout().clear();
    from.cluster().stats().charge(101);
    details = "via_upstream";
    sendHead(response, true);
    connection.flush();
    Tunnel.join(
        connection::upgrade,
        from.connectionOrThrow()::upgrade,
        (up, down) -> {
          body.count(up);
          sent += down;
        });
  }

  // ---- replies of our own ----

  /** The message was not HTTP as it should be: status text as body, then close. */
  void protocolError(int status, String why) {
    stats.downstreamCxProtocolError.inc();
    clientCloses = true;
    dropAttempt();
    if (responseStarted) {
      flags.add("DPE");
      finish();
      connection.abort();
      return;
    }
    localReply(status, HttpResponseStatus.valueOf(status).reasonPhrase(), "DPE", why);
  }

  private void refuseAndClose(int status, String why) {
    clientCloses = true;
    localReply(status, "", null, why);
  }

  private void localReply(int status, String text, @Nullable String flag, String why) {
    reply(status, text, flag, why, null);
  }

  private void reply(
      int status, String text, @Nullable String flag, String why, @Nullable HeaderBlock extra) {
    if (done) {
      return;
    }
    if (flag != null) {
      flags.add(flag);
    }
    details = why;
    attempt = null;
    Cluster charged = cluster;
    if (charged != null) {
      charged.stats().charge(status);
    }
    var out = extra == null ? new HeaderBlock() : extra;
    CharSequence type = headers.first(Names.CONTENT_TYPE);
    boolean grpc = type != null && type.toString().startsWith("application/grpc");
    if (grpc) {
      grpcReply(status, text, out);
    } else {
      plainReply(status, text, out);
    }
    finish();
    connection.streamDone(clientCloses, requestComplete);
  }

  private void plainReply(int status, String text, HeaderBlock out) {
    int length = text.length();
    boolean allowed = status >= 200 && status != 204 && status != 304;
    if (length > 0 && allowed) {
      out.append(H1.CONTENT_LENGTH, Integer.toString(ByteBufUtil.utf8Bytes(text)));
      out.append(Names.CONTENT_TYPE, Names.TEXT_PLAIN);
    } else if (allowed) {
      out.append(H1.CONTENT_LENGTH, "0");
    }
    editResponse(out);
    writeHead(HttpResponseStatus.valueOf(status), out, false);
    if (length > 0 && allowed && !method.equals(HttpMethod.HEAD)) {
      ByteBuf bytes = ByteBufUtil.writeUtf8(connection.alloc(), text);
      sent += bytes.readableBytes();
      connection.write(bytes);
    }
  }

  private void grpcReply(int status, String text, HeaderBlock out) {
    String grpcStatus =
        switch (status) {
          case 400 -> "13";
          case 401 -> "16";
          case 403 -> "7";
          case 404 -> "12";
          case 429, 502, 503, 504 -> "14";
          default -> "2";
        };
    out.append(H1.CONTENT_LENGTH, "0");
    out.append(Names.CONTENT_TYPE, Names.APPLICATION_GRPC);
    out.append(Names.GRPC_STATUS, grpcStatus);
    if (!text.isEmpty()) {
      out.append(Names.GRPC_MESSAGE, text.replace("%", "%25"));
    }
    editResponse(out);
    writeHead(HttpResponseStatus.OK, out, false);
  }

  /** The request is over, whatever became of it. */
  private void finish() {
    if (done) {
      return;
    }
    done = true;
    endNanos = environment.ticker().nanoTime();
    if (backOff != null) {
      backOff.cancel(false);
      backOff = null;
    }
    if (retry != null) {
      retry.release();
    }
    body.release();
    stats.downstreamRqActive.dec();
    if (responseStarted) {
      stats.downstreamRqCompleted.inc();
      stats.downstreamRqCodes.inc(responseCode);
    }
    stats.downstreamRqTime.record(durationMillis());
    for (LogFormat format : config.accessLogs()) {
      environment.log().line(format.format(this));
    }
  }

  // ---- as route selection and access logs see it ----

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String header(String name) {
    return switch (name) {
      case ":method" -> method.name();
      case ":path" -> path;
      case ":authority" -> authority;
      case ":scheme" -> scheme();
      default -> headers.joined(name);
    };
  }

  @Override
  public Instant startTime() {
    return Instant.ofEpochMilli(startMillis);
  }

  @Override
  public @Nullable String requestHeader(String name) {
    return header(name);
  }

  @Override
  public @Nullable String responseHeader(String name) {
    return responseHeaders == null ? null : responseHeaders.joined(name);
  }

  @Override
  public String protocol() {
    return isHttp11 ? "HTTP/1.1" : "HTTP/1.0";
  }

  @Override
  public int responseCode() {
    return responseCode;
  }

  @Override
  public @Nullable String responseCodeDetails() {
    return details;
  }

  @Override
  public @Nullable String responseFlags() {
    return flags.isEmpty() ? null : String.join(",", flags);
  }

  @Override
  public long bytesReceived() {
    return body.received();
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public long durationMillis() {
    long until = done ? endNanos : environment.ticker().nanoTime();
    return TimeUnit.NANOSECONDS.toMillis(until - startNanos);
  }

  @Override
  public long requestMillis() {
    return requestComplete ? TimeUnit.NANOSECONDS.toMillis(requestCompleteNanos - startNanos) : -1;
  }

  @Override
  public long responseMillis() {
    return firstResponseNanos < 0 || attempts == 0
        ? -1
        : TimeUnit.NANOSECONDS.toMillis(firstResponseNanos - startNanos);
  }

  @Override
  public int attempts() {
    return attempts;
  }

  @Override
  public @Nullable String upstreamHost() {
    return lastHost == null ? null : lastHost.label();
  }

  @Override
  public @Nullable String upstreamCluster() {
    return cluster == null ? null : cluster.config().name();
  }

  @Override
  public @Nullable String upstreamLocalAddress() {
    return upstreamLocal;
  }

  @Override
  public @Nullable String upstreamFailure() {
    return upstreamFailure;
  }

  @Override
  public @Nullable String routeName() {
    return route == null || route.name().isEmpty() ? null : route.name();
  }

  @Override
  public @Nullable String virtualHost() {
    return host == null ? null : host.name();
  }

  @Override
  public String downstreamRemoteAddress() {
    return connection.remote();
  }

  @Override
  public String downstreamLocalAddress() {
    return connection.local();
  }

  @Override
  public @Nullable String serverName() {
    return null;
  }

  @Override
  public long connectionId() {
    return connection.id();
  }

  /** A response's headers for retry conditions. */
  private record ResponseView(HeaderBlock headers) implements RequestView {
    @Override
    public String authority() {
      return "";
    }

    @Override
    public String path() {
      return "";
    }

    @Override
    public @Nullable String header(String name) {
      return headers.joined(name);
    }
  }
}
