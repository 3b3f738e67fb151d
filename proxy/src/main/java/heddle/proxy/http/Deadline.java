package heddle.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer that is set and cleared for every request but scheduled rarely: moving it later, or
 * clearing it, costs one field. Used on its event loop only.
 */
final class Deadline {
  private static final long NONE = Long.MAX_VALUE;

  private final EventLoop loop;
  private final Ticker ticker;
  private final Runnable expired;
  private @Nullable Future<?> timer;
  private long timerAt;
  private long deadline = NONE;

  Deadline(EventLoop loop, Ticker ticker, Runnable expired) {
    this.loop = loop;
    this.ticker = ticker;
    this.expired = expired;
  }

  /** Expires {@code nanos} from now; replaces an earlier setting. */
  void in(long nanos) {
    long now = ticker.nanoTime();
    deadline = now + nanos;
    if (timer == null || timerAt - deadline > 0) {
      if (timer != null) {
        timer.cancel(false);
      }
      arm(nanos);
    }
  }

  boolean isSet() {
    return deadline != NONE;
  }

  void clear() {
    deadline = NONE;
  }

  /** Clears it for good. */
  void close() {
    deadline = NONE;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void arm(long nanos) {
    timerAt = ticker.nanoTime() + nanos;
    timer = loop.schedule(() -> fire(), nanos, TimeUnit.NANOSECONDS);
  }

  private void fire() {
    timer = null;
    if (deadline == NONE) {
      return;
    }
    long left = deadline - ticker.nanoTime();
    if (left > 0) {
      arm(left);
    } else {
      deadline = NONE;
      expired.run();
    }
  }
}
