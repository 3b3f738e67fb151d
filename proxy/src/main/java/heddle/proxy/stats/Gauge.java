package heddle.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that rises and falls. One thread writes, any thread reads. */
public final class Gauge {
  private static final VarHandle VALUE = Cell.handle(MethodHandles.lookup(), Gauge.class);

  @SuppressWarnings("unused") // through VALUE
  private long value;

  /** Adds one. */
  public void inc() {
    set(value() + 1);
  }

  /** Takes one away. */
  public void dec() {
    set(value() - 1);
  }

  /** Replaces the value. */
  public void set(long v) {
    VALUE.setOpaque(this, v);
  }

  /** The current value. */
  public long value() {
    return (long) VALUE.getOpaque(this);
  }
}
