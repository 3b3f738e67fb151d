package heddle.proxy.upstream;

import heddle.proxy.stats.Gauge;
import org.jspecify.annotations.Nullable;

/** One circuit breaker threshold: how much is in use, and whether more may be. */
public final class Breaker {
  private final int limit;
  private final Gauge open;
  private final @Nullable Gauge remaining;
  private int used;

  Breaker(int limit, Gauge open, @Nullable Gauge remaining) {
    this.limit = limit;
    this.open = open;
    this.remaining = remaining;
    if (remaining != null) {
      remaining.set(limit);
    }
  }

  /** Whether one more fits. */
  public boolean canCreate() {
    return used < limit;
  }

  /** Takes one, even above the limit. */
  public void inc() {
    used++;
    if (used == limit || remaining != null) {
      publish();
    }
  }

  /** Gives one back. */
  public void dec() {
    used--;
    if (used == limit - 1 || remaining != null) {
      publish();
    }
  }

  private void publish() {
    open.set(used >= limit ? 1 : 0);
    if (remaining != null) {
      remaining.set(Math.max(0, limit - used));
    }
  }
}
