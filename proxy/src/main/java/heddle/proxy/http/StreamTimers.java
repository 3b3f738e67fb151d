package heddle.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The timers of a connection's current exchange; made once per connection, see {@link Deadline}.
 *
 * <p>Route timeout: from the end of the request. Per-try: from the end of the request on a
 * connection, per attempt. Idle: since anything moved. Request: from its first byte to its last.
 * Head: from its first byte to the end of its head.
 */
final class StreamTimers {
  private final Deadline route;
  private final Deadline perTry;
  private final Deadline idle;
  private final Deadline request;
  private final Deadline head;
  private long idleNanos;

  StreamTimers(EventLoop loop, Ticker ticker, Supplier<Exchange> current) {
    route = new Deadline(loop, ticker, () -> current.get().onRouteTimeout());
    perTry = new Deadline(loop, ticker, () -> current.get().onPerTryTimeout());
    idle = new Deadline(loop, ticker, () -> current.get().onIdleTimeout());
    request = new Deadline(loop, ticker, () -> current.get().onRequestTimeout());
    head = new Deadline(loop, ticker, () -> current.get().onHeadTimeout());
  }

  void startRoute(Duration timeout) {
    start(route, timeout);
  }

  void startPerTry(Duration timeout) {
    start(perTry, timeout);
  }

  /** Starts the request's time, unless it runs since the first bytes of its head. */
  void startRequest(Duration timeout) {
    if (!request.isSet()) {
      start(request, timeout);
    }
  }

  void startHead(Duration timeout) {
    start(head, timeout);
  }

  /** Starts the idle timer, or with zero stops it. */
  void startIdle(Duration timeout) {
    idleNanos = timeout.toNanos();
    start(idle, timeout);
  }

  private static void start(Deadline deadline, Duration timeout) {
    if (timeout.isZero()) {
      deadline.clear();
    } else {
      deadline.in(timeout.toNanos());
    }
  }

  /** Something moved. */
  void touch() {
    if (idleNanos > 0) {
      idle.in(idleNanos);
    }
  }

  void endPerTry() {
    perTry.clear();
  }

  void endRequest() {
    request.clear();
  }

  void endHead() {
    head.clear();
  }

  /** The exchange is over. */
  void clear() {
    idleNanos = 0;
    route.clear();
    perTry.clear();
    idle.clear();
    request.clear();
    head.clear();
  }

  /** The connection is over. */
  void close() {
    route.close();
    perTry.close();
    idle.close();
    request.close();
    head.close();
  }
}
