package heddle.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;

/**
 * How long a client's connection stays without a request, and which request is its last.
 *
 * <p>Envoy: {@code idle_timeout} begins a drain sequence, in which one more request is answered;
 * {@code drain_timeout} later the connection closes. {@code max_requests_per_connection} and a
 * draining listener or sidecar make the current request the last one.
 */
final class KeepAlive {
  private final HcmConfig config;
  private final HcmStats stats;
  private final Drain sidecar;
  private final Drain listener;
  private final Runnable close;
  private final Deadline idle;
  private boolean lastOne;
  private boolean onlyWhileBusy;
  private int requests;

  /**
   * @param close closes the connection, which has no request then
   */
  KeepAlive(
      HcmConfig config,
      HcmStats stats,
      Drain sidecar,
      Drain listener,
      EventLoop loop,
      Ticker ticker,
      Runnable close) {
    this.config = config;
    this.stats = stats;
    this.sidecar = sidecar;
    this.listener = listener;
    this.close = close;
    this.idle = new Deadline(loop, ticker, this::onIdle);
  }

  /** The connection has no request from now on. */
  void idle() {
    if (!config.idleTimeout().isZero()) {
      idle.in(config.idleTimeout().toNanos());
    }
  }

  private void onIdle() {
    boolean again = lastOne;
    if (!again) {
      stats.downstreamCxIdleTimeout.inc();
      lastOne = true;
    }
    if (again || config.drainTimeout().isZero()) {
      close.run();
    } else {
      idle.in(config.drainTimeout().toNanos());
    }
  }

  void requestBegins() {
    idle.clear();
    if (++requests == config.maxRequestsPerConnection()) {
      stats.downstreamCxMaxRequestsReached.inc();
      lastOne = true;
    }
  }

  /** Whether the response that begins now must announce the end of the connection. */
  boolean lastRequest() {
    return lastOne || sidecar.draining() || listener.draining();
  }

  /** From now on it stays as long as it has a request. */
  void onlyWhileBusy() {
    onlyWhileBusy = true;
  }

  boolean isOnlyWhileBusy() {
    return onlyWhileBusy;
  }

  /** The connection is over. */
  void close() {
    idle.close();
  }
}
