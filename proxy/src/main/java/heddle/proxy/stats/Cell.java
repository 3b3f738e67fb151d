package heddle.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Access to a {@code long value} that one thread writes and others may read untorn. */
final class Cell {
  private Cell() {}

  static VarHandle handle(MethodHandles.Lookup lookup, Class<?> type) {
    try {
      return lookup.findVarHandle(type, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
