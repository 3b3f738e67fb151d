package heddle.bench.soak;

import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detector in {@link SoakServing} with {@code --paranoid}: remembers what was not
 * released. Netty makes it by reflection, hence static.
 */
public final class LeakCounter<T> extends ResourceLeakDetector<T> {
  static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  public LeakCounter(Class<?> resource, int interval) {
    super(resource, interval);
  }

  @SuppressWarnings("deprecation") // the constructor that Netty looks for first
  public LeakCounter(Class<?> resource, int interval, long maxActive) {
    super(resource, interval);
  }

  @Override
  protected boolean needReport() {
    return true;
  }

  @Override
  protected void reportTracedLeak(String type, String records) {
    LEAKS.add(type + records);
  }

  @Override
  protected void reportUntracedLeak(String type) {
    LEAKS.add(type);
  }
}
