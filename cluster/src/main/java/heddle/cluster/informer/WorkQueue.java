package heddle.cluster.informer;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keys that wait for work. A key is queued once however often it is added, and never worked on
 * twice at the same time: added while in work, it comes again afterwards.
 */
final class WorkQueue {
  private static final Duration FIRST_RETRY = Duration.ofMillis(10);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final ScheduledExecutorService timer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Set<Key> ready = new LinkedHashSet<>();
  private final Set<Key> working = new LinkedHashSet<>();
  private final Set<Key> again = new LinkedHashSet<>();
  private final Map<Key, Integer> failures = new HashMap<>();

  WorkQueue(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  void add(Key key) {
    lock.lock();
    try {
      if (working.contains(key)) {
        again.add(key);
      } else if (ready.add(key)) {
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void addAfter(Key key, Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      add(key);
    } else {
      timer.schedule(() -> add(key), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  Key take() throws InterruptedException {
    lock.lock();
    try {
      while (ready.isEmpty()) {
        filled.await();
      }
      Key key = ready.iterator().next();
      ready.remove(key);
      working.add(key);
      return key;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the work on a key that went well. */
  void done(Key key) {
    finish(key, true);
  }

  /** Ends the work on a key that failed: it comes again, later each time. */
  void retry(Key key) {
    addAfter(key, finish(key, false));
  }

  private Duration finish(Key key, boolean well) {
    lock.lock();
    try {
      working.remove(key);
      if (again.remove(key) && ready.add(key)) {
        filled.signal();
      }
      if (well) {
        failures.remove(key);
        return Duration.ZERO;
      }
      int exponent = Math.min(failures.merge(key, 1, Integer::sum) - 1, 12);
      Duration delay = FIRST_RETRY.multipliedBy(1L << exponent);
      return delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
    } finally {
      lock.unlock();
    }
  }
}
