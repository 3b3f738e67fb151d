package heddle.proxy.http;

import heddle.proxy.accesslog.LogFormat;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.upstream.Cluster;
import heddle.proxy.upstream.UpstreamConnection;
import heddle.xds.route.Action;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the request's head to the access log line. The order of work
 * is Envoy's: checks, header sanitation, route, action.
 *
 * <pre>
 *              refused, redirected, answered by the route
 *   ROUTING ─────────────────────────────────────────────────────────┐
 *      │ forward                                                     ▼
 *      ▼          no host, reset, timeout: a reply of our own
 *   FORWARDING ────────────────────────────────────────────────────► DONE ──► next request,
 *      │ head that may go to the client                              ▲        or the connection
 *      ▼                                                             │        closes
 *   RESPONDING ── end of the body ───────────────────────────────────┤
 *      └───────── reset, timeout: the connection is cut, ────────────┘
 *                 so that the client notices
 * </pre>
 *
 * <p>ROUTING is over within {@link #start}; {@link #forwarding} is set from FORWARDING on and knows
 * attempts and retries; {@link Response#started} says RESPONDING; {@link #done} says DONE. The
 * request's body arrives independently of that: {@link StreamInfo#isRequestComplete} says when it
 * is all there, and a response that is complete before closes the connection.
 */
final class Exchange {
  private final HttpConnection connection;
  private final HcmConfig config;
  private final HcmStats stats;
  private final Request request;
  private final StreamInfo info;
  private final RequestBody body;
  private final Response response;
  private @Nullable Routed routed;
  private @Nullable Forwarding forwarding;
  private boolean routing = true;
  private boolean done;

  Exchange(HttpConnection connection, Request request, long startNanos) {
    this.connection = connection;
    this.config = connection.config();
    this.stats = connection.stats();
    this.request = request;
    this.info =
        new StreamInfo(request, connection.downstream(), connection.environment(), startNanos);
    this.body = new RequestBody(connection, request.headers());
    this.response = new Response(connection, request, info);
    if (request.complete()) {
      info.requestComplete();
    }
  }

  // ---- routing ----

  void start() {
    decide();
    routing = false;
  }

  private void decide() {
    answerExpect();
    HeaderBlock headers = request.headers();
    RequestHeaders.dropHopByHop(headers, request.upgrade() != null);
    LocalReply refusal = connection.checks().badTarget(request);
    if (refusal != null) {
      reply(refusal);
      return;
    }
    RequestHeaders.sanitize(headers, config, downstream(), environment().random());
    info.clientAddress(RequestHeaders.clientAddress(headers, config));
    timers().startIdle(config.streamIdleTimeout());
    if (info.isRequestComplete()) {
      timers().endRequest();
    } else {
      timers().startRequest(config.requestTimeout());
    }
    route();
  }

  private void answerExpect() {
    CharSequence expect = request.headers().first(Names.EXPECT);
    if (expect != null
        && !config.proxyInterim()
        && AsciiString.contentEqualsIgnoreCase(expect, "100-continue")) {
      request.headers().drop(Names.EXPECT);
      connection.count(100);
      connection.writeContinue();
    }
  }

  private void route() {
    switch (connection.router().route(request)) {
      case Router.Decision.Answer(LocalReply answer, Routed chosen) -> {
        routed = chosen;
        info.matched(chosen);
        reply(answer);
      }
      case Router.Decision.Forward(Routed chosen, Action.Forward action, Cluster cluster) -> {
        routed = chosen;
        info.matched(chosen);
        info.towards(cluster.config().name());
        forwarding = new Forwarding(this, chosen, action, cluster);
        limitDuration(action.maxStreamDuration());
        if (info.isRequestComplete()) {
          timers().startRoute(forwarding.timeout());
        }
        forwarding.begin();
      }
    }
  }

  /** A route's own limit counts from the request's beginning, too. */
  private void limitDuration(@Nullable Duration limit) {
    if (limit != null) {
      long left = Math.max(1, limit.toNanos() - info.nanosSinceStart());
      timers().startDuration(limit.isZero() ? limit : Duration.ofNanos(left));
    }
  }

  // ---- the request's body ----

  void onRequestBody(ByteBuf data) {
    timers().touch();
    info.received(data.readableBytes());
    boolean fits = body.add(data, upstream());
    if (!fits && forwarding != null) {
      forwarding.giveUpRetries();
    }
  }

  void onRequestEnd() {
    info.requestComplete();
    timers().endRequest();
    if (!done && forwarding != null) {
      forwarding.requestEnded();
    }
  }

  void onRequestReadComplete() {
    UpstreamConnection to = upstream();
    if (to != null && !info.isRequestComplete()) {
      to.flush();
    }
  }

  private @Nullable UpstreamConnection upstream() {
    return forwarding == null ? null : forwarding.connection();
  }

  // ---- an upstream's response ----

  void interim(HttpResponse head) {
    response.interim(head);
  }

  /** The head that the client gets. */
  void respond(HttpResponse head) {
    info.details("via_upstream");
    timers().answering();
    response.head(head, routed);
  }

  void responseBody(ByteBuf data) {
    if (done) {
      data.release();
      return;
    }
    timers().answering();
    response.body(data);
    UpstreamConnection from = upstream();
    if (!connection.writable() && from != null) {
      from.reading(false);
    }
  }

  void responseReadComplete() {
    if (!done && response.started()) {
      connection.flush();
    }
  }

  void responseEnd() {
    response.end();
    stopReading();
    finish();
    boolean atOnce = info.isRequestComplete() && !routing && !response.early();
    connection.exchangeDone(response.closes(), atOnce);
  }

  /** The upstream switched protocols: both connections become a pipe. */
  void upgrade(HttpResponse head, UpstreamConnection upstream) {
    timers().clear();
    info.details("via_upstream");
    response.head(head, routed);
    connection.flush();
    Tunnel.join(
        connection::upgrade,
        upstream::upgrade,
        (up, down) -> {
          info.received(up);
          info.sent(down);
        });
  }

  // ---- ends ----

  /** Answers by ourselves; nothing was sent yet. */
  void reply(LocalReply reply) {
    if (done) {
      return;
    }
    if (reply.flag() != null) {
      info.flag(reply.flag());
    }
    info.details(reply.details());
    response.local(reply, routed);
    stopReading();
    finish();
    connection.exchangeDone(response.closes(), info.isRequestComplete() && !routing);
  }

  /** A response that was begun cannot be completed: the client must notice. */
  void truncate(@Nullable String flag, String details) {
    if (flag != null) {
      info.flag(flag);
    }
    info.details(details);
    stats.downstreamRqTxReset.inc();
    stats.downstreamRqRxReset.inc();
    finish();
    boolean last = response.closes() || connection.keepAlive().closing();
    connection.exchangeDone(true, last && info.isRequestComplete() && !response.early());
  }

  /** The response is complete; what is missing of the request is not waited for. */
  private void stopReading() {
    if (!info.isRequestComplete()) {
      stats.downstreamRqRxReset.inc();
    }
  }

  private void cancelForwarding() {
    if (forwarding != null) {
      forwarding.cancel();
    }
  }

  /** Time is up for the whole request. */
  void timeUp(TimeLimit limit) {
    if (limit == TimeLimit.REQUEST && response.started()) {
      return; // an upload may take its time once it is being answered
    }
    limit.count(stats);
    if (forwarding != null && limit == TimeLimit.ROUTE) {
      forwarding.timedOut();
    } else {
      cancelForwarding();
    }
    if (response.started()) {
      truncate(limit.flag(), limit.details());
    } else {
      reply(limit.reply(timeoutStatus()));
    }
  }

  /** Time is up for the attempt under way. */
  void timeUp(TimeLimit.OfAttempt limit) {
    if (forwarding != null) {
      forwarding.timeUp(limit);
    }
  }

  /** Who is to blame that time is up. */
  int timeoutStatus() {
    return info.isRequestComplete() ? 504 : 408;
  }

  /** What the client sent is not HTTP. */
  void protocolError(LocalReply answer) {
    stats.downstreamCxProtocolError.inc();
    cancelForwarding();
    if (response.started()) {
      truncate("DPE", answer.details());
    } else {
      reply(answer);
    }
  }

  void onDownstreamClosed() {
    if (!done) {
      info.flag("DC");
      info.details("downstream_remote_disconnect");
      stats.downstreamRqRxReset.inc();
      cancelForwarding();
      finish();
    }
  }

  /** The request is over, whatever became of it. */
  private void finish() {
    if (done) {
      return;
    }
    done = true;
    info.end();
    if (forwarding != null) {
      forwarding.close();
    }
    body.release();
    stats.downstreamRqActive.dec();
    if (response.started()) {
      connection.count(info.responseCode());
    }
    stats.downstreamRqTime.record(info.durationMillis());
    for (LogFormat format : config.accessLogs()) {
      environment().log().line(format.format(info));
    }
  }

  // ---- flow control ----

  void onDownstreamWritable(boolean writable) {
    UpstreamConnection from = upstream();
    if (from != null) {
      from.reading(writable);
    }
  }

  void upstreamWritable(boolean writable) {
    if (!info.isRequestComplete() && !done) {
      connection.reading(writable);
    }
  }

  // ---- what its parts ask for ----

  boolean requestComplete() {
    return info.isRequestComplete();
  }

  /** Whether the client has got a head. */
  boolean responding() {
    return response.started();
  }

  Request request() {
    return request;
  }

  StreamInfo info() {
    return info;
  }

  RequestBody body() {
    return body;
  }

  StreamTimers timers() {
    return connection.timers();
  }

  Downstream downstream() {
    return connection.downstream();
  }

  HttpEnvironment environment() {
    return connection.environment();
  }

  EventLoop loop() {
    return connection.loop();
  }
}
