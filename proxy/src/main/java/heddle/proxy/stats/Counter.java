package heddle.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that only grows (until reset). One thread writes, any thread reads. */
public final class Counter {
  private static final VarHandle VALUE = Cell.handle(MethodHandles.lookup(), Counter.class);

  @SuppressWarnings("unused") // through VALUE
  private long value;

  /** Adds one. */
  public void inc() {
    add(1);
  }

  /** Adds {@code n}. */
  public void add(long n) {
    VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + n);
  }

  /** What was counted since the start or the last reset. */
  public long value() {
    return (long) VALUE.getOpaque(this);
  }

  void reset() {
    VALUE.setOpaque(this, 0L);
  }
}
