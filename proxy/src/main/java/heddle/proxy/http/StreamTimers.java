package heddle.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The timers of a connection's current exchange; made once per connection, see {@link Deadline},
 * and {@link TimeLimit} for what each measures.
 */
final class StreamTimers {
  private final Deadline route;
  private final Deadline perTry;
  private final Deadline tryIdle;
  private final Deadline attempt;
  private final Deadline idle;
  private final Deadline request;
  private final Deadline head;
  private final Deadline duration;
  private long idleNanos;
  private long tryIdleNanos;

  StreamTimers(EventLoop loop, Ticker ticker, Supplier<Exchange> current) {
    route = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.ROUTE));
    perTry = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.OfAttempt.TRY));
    tryIdle = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.OfAttempt.TRY_IDLE));
    attempt = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.OfAttempt.DURATION));
    idle = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.IDLE));
    request = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.REQUEST));
    head = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.HEAD));
    duration = new Deadline(loop, ticker, () -> current.get().timeUp(TimeLimit.DURATION));
  }

  void startRoute(Duration timeout) {
    start(route, timeout);
  }

  void startPerTry(Duration timeout) {
    start(perTry, timeout);
  }

  /** Starts, or with zero stops, watching for a host that sends nothing. */
  void startTryIdle(Duration timeout) {
    tryIdleNanos = timeout.toNanos();
    start(tryIdle, timeout);
  }

  void startAttempt(Duration timeout) {
    start(attempt, timeout);
  }

  void startDuration(Duration timeout) {
    start(duration, timeout);
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

  /** The host sent something. */
  void answering() {
    touch();
    if (tryIdleNanos > 0) {
      tryIdle.in(tryIdleNanos);
    }
  }

  /** The attempt's response has begun. */
  void endPerTry() {
    perTry.clear();
  }

  /** The attempt is over. */
  void endAttempt() {
    tryIdleNanos = 0;
    perTry.clear();
    tryIdle.clear();
    attempt.clear();
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
    endAttempt();
    route.clear();
    idle.clear();
    request.clear();
    head.clear();
    duration.clear();
  }

  /** The connection is over. */
  void close() {
    route.close();
    perTry.close();
    tryIdle.close();
    attempt.close();
    idle.close();
    request.close();
    head.close();
    duration.close();
  }
}
