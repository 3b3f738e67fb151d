package heddle.proxy.http;

import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.stats.Counter;
import heddle.proxy.upstream.Cluster;
import heddle.proxy.upstream.ClusterConfig;
import heddle.proxy.upstream.ClusterStats;
import heddle.proxy.upstream.Host;
import heddle.proxy.upstream.Reset;
import heddle.proxy.upstream.UpstreamConnection;
import heddle.xds.route.Action;
import heddle.xds.route.RetryRule;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The upstream half of an exchange: attempts at hosts of one cluster until the outcome of one may
 * go to the client. Where it stands is which field is set:
 *
 * <pre>
 *  attempt set     an attempt waits for a connection or for a response, or is responding
 *  backOff set     the last attempt failed; another one follows after a pause
 *  neither         not begun, or over
 *
 *  begin ──► ATTEMPT ── head that is not retried ───────────► exchange responds
 *               ▲  └─── reset, per-try timeout, retriable head ──┐
 *               │                                                ▼
 *               └──── BACK-OFF ◄── RETRY ── RetryState decides ── else ──► reply or head goes out
 * </pre>
 *
 * <p>Whatever ends the exchange from outside (route timeout, idle timeout, client gone) calls
 * {@link #cancel} or {@link #timedOut}, after which nothing more comes from here.
 */
final class Forwarding {
  private final Exchange exchange;
  private final Routed routed;
  private final Action.Forward action;
  private final Cluster cluster;
  private final @Nullable RetryRule rule;
  private @Nullable RetryState retry;
  private @Nullable Attempt attempt;
  private @Nullable Future<?> backOff;
  private boolean anyStarted;
  private boolean interimSeen;

  Forwarding(Exchange exchange, Routed routed, Action.Forward action, Cluster cluster) {
    this.exchange = exchange;
    this.routed = routed;
    this.action = action;
    this.cluster = cluster;
    this.rule = action.retry();
  }

  // ---- attempts ----

  void begin() {
    Host first = pick(cluster);
    if (first == null) {
      noHost();
      return;
    }
    if (action.idleTimeout() != null) {
      exchange.timers().startIdle(action.idleTimeout());
    }
    Request request = exchange.request();
    // Before the configured changes, which may change this again.
    AttemptHeaders.tell(request, exchange.info(), routed, action, 1);
    routed.editRequest(action, request, exchange.info());
    if (rule != null && !rule.on().isEmpty() && request.upgrade() == null) {
      if (rule.appliesTo(request)) {
        HttpEnvironment environment = exchange.environment();
        var pauses = new BackOff(rule, environment.clock(), environment.random());
        retry = new RetryState(rule, cluster, pauses);
        exchange.body().keepForReplay(cluster.stats().retryOrShadowAbandoned);
      }
    }
    attempt(cluster, first);
  }

  private void noHost() {
    exchange.info().attemptWithoutHost();
    fail(LocalReply.noHealthyUpstream());
  }

  /** Answers for an attempt: the cluster is charged, as it would be for its host's answer. */
  private void fail(LocalReply reply) {
    charge(reply.status());
    exchange.reply(reply);
  }

  private void charge(int status) {
    if (!charged()) {
      cluster.stats().charge(status);
    }
  }

  /** Whether a host's answer was charged; Envoy takes an interim one for a beginning, too. */
  private boolean charged() {
    return interimSeen || exchange.responding();
  }

  private @Nullable Host pick(Cluster from) {
    return from.config().discovery() instanceof ClusterConfig.Discovery.OriginalDestination
        ? from.hostFor(exchange.downstream().destination())
        : from.pick();
  }

  /** Picks for a retry: another host than before if the policy says so and there is one. */
  private @Nullable Host pickAgain(Cluster from, RetryState state) {
    Host picked = pick(from);
    for (int i = 0;
        picked != null && state.rejects(picked) && i < state.rule().reselections();
        i++) {
      picked = pick(from);
    }
    return picked;
  }

  private void attempt(Cluster target, Host at) {
    StreamInfo info = exchange.info();
    info.attemptAt(at);
    if (retry != null) {
      retry.trying(at);
    }
    if (info.attempts() > 1) {
      AttemptHeaders.tell(exchange.request(), info, routed, action, info.attempts());
    }
    AttemptHeaders.aimAt(exchange.request(), action, at);
    var next = new Attempt(exchange, this, target, at);
    attempt = next;
    next.begin();
  }

  /** From the end of the request to the end of the response; zero: none. */
  Duration timeout() {
    return Routed.timeout(action, exchange.request());
  }

  /** An attempt has a connection: head and body so far are sent. */
  void connected(UpstreamConnection to) {
    anyStarted = true;
    Request request = exchange.request();
    boolean complete = exchange.info().isRequestComplete();
    exchange.info().connected(to.localAddress());
    exchange.timers().startAttempt(cluster.config().maxStreamDuration());
    to.head(request.method(), request.path(), request.headers(), exchange.body().framing(request));
    exchange.body().sendTo(to, complete);
    if (complete) {
      startPerTryTimeout();
    }
  }

  /** The connection of the current attempt, or null while there is none. */
  @Nullable UpstreamConnection connection() {
    return attempt == null ? null : attempt.connection();
  }

  /** The request is complete. Envoy: if that is so between two attempts, no route timeout runs. */
  void requestEnded() {
    if (attempt != null) {
      exchange.timers().startRoute(timeout());
    }
    UpstreamConnection to = connection();
    if (to != null) {
      startPerTryTimeout();
      exchange.body().end(to);
    }
  }

  private void startPerTryTimeout() {
    if (rule == null || connection() == null) {
      return;
    }
    Duration perTry = rule.perTryTimeout();
    Duration global = timeout();
    if (perTry != null && !perTry.isZero() && (global.isZero() || perTry.compareTo(global) < 0)) {
      exchange.timers().startPerTry(perTry);
    }
    if (rule.perTryIdleTimeout() != null) {
      exchange.timers().startTryIdle(rule.perTryIdleTimeout());
    }
  }

  /** The body outgrew the replay buffer: what happens now is final. */
  void giveUpRetries() {
    endRetries();
    if (backOff != null) {
      exchange.reply(
          LocalReply.of(
              507,
              "exceeded request buffer limit while retrying upstream",
              null,
              "request_payload_exceeded_retry_buffer_limit"));
    }
  }

  private void endRetries() {
    if (retry != null) {
      retry.release();
      retry = null;
    }
  }

  // ---- what becomes of an attempt ----

  /** The first interim response ends all retrying, whether or not the client gets it. */
  void onInformational(Attempt from, HttpResponse response) {
    int status = response.status().code();
    if (interimSeen || (status != 100 && status != 102 && status != 103)) {
      return;
    }
    interimSeen = true;
    if (retry != null) {
      endRetries();
      exchange.body().release();
    }
    from.cluster().stats().charge(status);
    exchange.interim(response);
  }

  /** The head of an attempt's response; {@code end} says that no body follows. */
  void onResponse(Attempt from, HttpResponse response, boolean end) {
    exchange.timers().endPerTry();
    int status = response.status().code();
    var stats = from.cluster().stats();
    if (retry != null && again(retry.onResponse(status, (HeaderBlock) response.headers()))) {
      stats.retryCompleted.inc();
      stats.retryCodes.inc(status);
      exchange.timers().endAttempt();
      from.abandon(end);
      return;
    }
    exchange.body().release();
    stats.charge(status);
    exchange.respond(response);
  }

  /** The 101 that was asked for arrived: both connections become a pipe. */
  void onUpgraded(Attempt from, HttpResponse response) {
    from.cluster().stats().charge(101);
    exchange.upgrade(response, from.connectionOrThrow());
  }

  void onResponseEnd(Attempt from) {
    attempt = null;
    if (exchange.info().isRequestComplete()) {
      from.cluster().stats().upstreamRqTime.record(exchange.info().millisSinceRequest());
    }
    exchange.responseEnd();
  }

  /** An attempt ended before its response did. */
  void onReset(Attempt from, Reset reset, String transportDetail) {
    exchange.timers().endAttempt();
    if (!transportDetail.isEmpty()) {
      exchange.info().failedWith(transportDetail);
    }
    String cause = transportDetail.isEmpty() ? "" : "|" + transportDetail;
    String details =
        "upstream_reset_%s_response_started{%s%s}"
            .formatted(charged() ? "after" : "before", reset.underscored(), cause);
    if (exchange.responding()) {
      exchange.truncate(reset.flag(), details);
      return;
    }
    if (retry != null && again(retry.onReset(reset, anyStarted))) {
      return;
    }
    attempt = null;
    fail(LocalReply.upstreamFailure(reset, details, exchange.info().attempts() > 1));
  }

  /** Time is up for the attempt under way. */
  void timeUp(TimeLimit.OfAttempt limit) {
    Attempt current = attempt;
    if (current == null) {
      return;
    }
    ClusterStats stats = current.cluster().stats();
    switch (limit) {
      case TRY -> {
        if (!exchange.responding()) {
          tryTimedOut(current, stats.upstreamRqPerTryTimeout, "upstream_per_try_timeout");
        }
      }
      case TRY_IDLE ->
          tryTimedOut(current, stats.upstreamRqPerTryIdleTimeout, "upstream_per_try_idle_timeout");
      case DURATION -> attemptTooLong(current, stats);
    }
  }

  private void tryTimedOut(Attempt current, Counter counter, String details) {
    counter.inc();
    current.timedOut();
    if (!triedAgain("UT", details)) {
      fail(LocalReply.upstreamTimeout(details));
    }
  }

  /** The cluster's {@code max_stream_duration} is over; Envoy blames and charges nobody. */
  private void attemptTooLong(Attempt current, ClusterStats stats) {
    stats.upstreamRqMaxDurationReached.inc();
    current.cancel();
    String details = "upstream_max_stream_duration_reached";
    if (!triedAgain("UMSDR", details)) {
      String text = "upstream max stream duration reached";
      exchange.reply(LocalReply.of(exchange.timeoutStatus(), text, "UMSDR", details));
    }
  }

  /**
   * Follows an attempt that was ended here by another one, or by the end of the response that it
   * had begun; false if an answer of the proxy's own is due.
   */
  private boolean triedAgain(String flag, String details) {
    exchange.timers().endAttempt();
    if (exchange.responding()) {
      attempt = null;
      exchange.truncate(flag, details);
      return true;
    }
    if (retry != null && again(retry.onReset(Reset.LOCAL_RESET, anyStarted))) {
      return true;
    }
    attempt = null;
    return false;
  }

  // ---- retries ----

  /** Whether the failed attempt is followed by another; notes the flag when it is not. */
  private boolean again(RetryState.Decision decision) {
    return switch (decision) {
      case RETRY -> {
        attempt = null;
        backOff();
        yield true;
      }
      case LIMIT_EXCEEDED -> {
        exchange.info().flag("URX");
        yield false;
      }
      case OVERFLOW -> {
        exchange.info().flag("UO");
        yield false;
      }
      case NOT_RETRIABLE -> false;
    };
  }

  private void backOff() {
    RetryState state = retry;
    if (state != null) {
      backOff =
          exchange
              .loop()
              .schedule(() -> retryNow(state), state.backOff().beginNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void retryNow(RetryState state) {
    backOff = null;
    state.backOff().end(cluster.stats());
    Cluster target = exchange.environment().clusters().get(cluster.config().name());
    Host next = target == null ? null : pickAgain(target, state);
    if (target == null || next == null) {
      noHost();
    } else {
      attempt(target, next);
    }
  }

  // ---- ended from outside ----

  /** The route timeout fired: the host of the attempt under way, if there is one, is to blame. */
  void timedOut() {
    Attempt current = attempt;
    attempt = null;
    if (current != null) {
      current.cluster().stats().upstreamRqTimeout.inc();
      charge(504);
      current.timedOut();
    }
  }

  /** Nobody waits for the response any more. */
  void cancel() {
    Attempt current = attempt;
    attempt = null;
    if (current != null) {
      current.cancel();
    }
  }

  /** The exchange is over: gives back what was held. */
  void close() {
    if (backOff != null) {
      backOff.cancel(false);
      backOff = null;
    }
    endRetries();
  }
}
