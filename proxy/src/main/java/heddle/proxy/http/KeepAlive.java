package heddle.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;

/**
 * How long a client's connection stays without a request, and which request is its last.
 *
 * <p>Envoy: a draining listener or sidecar, and {@code idle_timeout}, begin a drain sequence, in
 * which every response says {@code connection: close} and requests that were on their way are still
 * answered; {@code drain_timeout} later the connection closes. {@code max_requests_per_connection}
 * makes the current request the last one.
 */
final class KeepAlive {
  private enum State {
    OPEN,
    DRAINING,
    CLOSING
  }

  private final HcmConfig config;
  private final HcmStats stats;
  private final Drain sidecar;
  private final Drain listener;
  private final Runnable closeIfIdle;
  private final Deadline idle;
  private final Deadline drained;
  private State state = State.OPEN;
  private boolean draining;
  private boolean onlyWhileBusy;
  private int requests;

  /**
   * @param closeIfIdle closes the connection unless it has a request
   */
  KeepAlive(
      HcmConfig config,
      HcmStats stats,
      Drain sidecar,
      Drain listener,
      EventLoop loop,
      Ticker ticker,
      Runnable closeIfIdle) {
    this.config = config;
    this.stats = stats;
    this.sidecar = sidecar;
    this.listener = listener;
    this.closeIfIdle = closeIfIdle;
    this.idle = new Deadline(loop, ticker, this::onIdle);
    this.drained = new Deadline(loop, ticker, this::onDrained);
  }

  /** The connection has no request from now on. */
  void idle() {
    if (!config.idleTimeout().isZero()) {
      idle.in(config.idleTimeout().toNanos());
    }
  }

  private void onIdle() {
    stats.downstreamCxIdleTimeout.inc();
    if (state == State.OPEN) {
      drain();
    }
  }

  private void drain() {
    state = State.DRAINING;
    draining = true;
    if (config.drainTimeout().isZero()) {
      onDrained();
    } else {
      drained.in(config.drainTimeout().toNanos());
    }
  }

  private void onDrained() {
    state = State.CLOSING;
    closeIfIdle.run();
  }

  void requestBegins() {
    idle.clear();
    if (++requests == config.maxRequestsPerConnection()) {
      stats.downstreamCxMaxRequestsReached.inc();
      state = State.CLOSING;
    }
  }

  /** Whether the response that begins now must announce the end of the connection. */
  boolean announcesClose() {
    if (state == State.OPEN && (sidecar.draining() || listener.draining())) {
      stats.downstreamCxDrainClose.inc();
      drain();
    }
    return state != State.OPEN;
  }

  /** Whether no request may follow the current one. */
  boolean closing() {
    return state == State.CLOSING;
  }

  /** Whether a drain sequence has begun, and maybe ended. */
  boolean draining() {
    return draining;
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
    drained.close();
  }
}
