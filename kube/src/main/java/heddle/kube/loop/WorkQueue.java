package heddle.kube.loop;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keys that wait to be worked on, each at most once. A key that is added while it is being worked
 * on comes again afterwards.
 */
public final class WorkQueue {
  private final LongSupplier ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> ready = new LinkedHashSet<>();
  private final Set<String> working = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private final Map<String, Long> delayed = new HashMap<>();
  private final PriorityQueue<Timed> timers = new PriorityQueue<>(Comparator.comparing(Timed::due));
  private boolean closed;

  private record Timed(String key, long due) {}

  /** A queue with a clock that counts nanoseconds, such as {@code System::nanoTime}. */
  public WorkQueue(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Adds a key, if it does not wait already. */
  public void add(String key) {
    lock.lock();
    try {
      delayed.remove(key);
      if (working.contains(key)) {
        again.add(key);
      } else if (ready.add(key)) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds a key after a while, unless it is to come sooner anyway. */
  public void addAfter(String key, Duration delay) {
    lock.lock();
    try {
      long due = ticker.getAsLong() + delay.toNanos();
      Long earlier = delayed.get(key);
      if (ready.contains(key) || (earlier != null && earlier - due <= 0)) {
        return;
      }
      delayed.put(key, due);
      timers.add(new Timed(key, due));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a key; whoever takes it calls {@link #done}. Empty once the queue is closed. */
  public Optional<String> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        long wait = promote();
        if (!ready.isEmpty()) {
          String key = ready.iterator().next();
          ready.remove(key);
          working.add(key);
          return Optional.of(key);
        }
        if (wait > 0) {
          // Spurious wake-ups and early ones are the loop's business.
          long unused = changed.awaitNanos(wait);
        } else {
          changed.await();
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The key has been worked on. */
  public void done(String key) {
    lock.lock();
    try {
      working.remove(key);
      if (again.remove(key) && ready.add(key)) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets every {@link #take} return empty. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves what is due to the ready ones; returns nanoseconds until the next, 0 if there is none.
   */
  private long promote() {
    long now = ticker.getAsLong();
    while (true) {
      Timed next = timers.peek();
      if (next == null) {
        return 0;
      }
      Long due = delayed.get(next.key());
      if (due == null || due != next.due()) {
        timers.remove();
        continue;
      }
      if (due - now > 0) {
        return Math.min(due - now, TimeUnit.HOURS.toNanos(1));
      }
      timers.remove();
      delayed.remove(next.key());
      if (working.contains(next.key())) {
        again.add(next.key());
      } else {
        ready.add(next.key());
      }
    }
  }
}
