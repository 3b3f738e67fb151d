package heddle.proxy;

import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detector in tests (named in the module's surefire settings): remembers what was not
 * released, so that {@link ProxyBed#close} can fail. Netty makes it by reflection, hence static.
 */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {
  static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  public LeakRecorder(Class<?> resource, int interval) {
    super(resource, interval);
  }

  @SuppressWarnings("deprecation") // the constructor that Netty looks for first
  public LeakRecorder(Class<?> resource, int interval, long maxActive) {
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
