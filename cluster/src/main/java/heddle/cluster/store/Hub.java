package heddle.cluster.store;

import heddle.cluster.object.ApiException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The recent changes of one resource, and the feeds that wait for the next one. */
final class Hub {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final @Nullable Change[] ring;

  /** Sequence numbers: the ring holds {@code first} (inclusive) to {@code next} (exclusive). */
  private long first;

  private long next;

  /** Changes up to this revision may be missing from the ring. */
  private long floor;

  Hub(int history, long floor) {
    this.ring = new @Nullable Change[history];
    this.floor = floor;
  }

  void publish(Change change) {
    lock.lock();
    try {
      if (next - first == ring.length) {
        floor = at(first).revision();
        first++;
      }
      ring[(int) (next % ring.length)] = change;
      next++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Feed feed(String namespace, long after) {
    lock.lock();
    try {
      if (after < floor) {
        throw expired(after);
      }
      long position = next;
      while (position > first && at(position - 1).revision() > after) {
        position--;
      }
      return new HubFeed(namespace, position, after);
    } finally {
      lock.unlock();
    }
  }

  private Change at(long sequence) {
    Change change = ring[(int) (sequence % ring.length)];
    if (change == null) {
      throw new IllegalStateException("no change at sequence " + sequence + " of " + next);
    }
    return change;
  }

  private ApiException expired(long after) {
    return new ApiException(
        410, "Expired", "too old resource version: " + after + " (" + floor + ")");
  }

  private final class HubFeed implements Feed {
    private final String namespace;
    private long position;
    private long seen;
    private boolean closed;

    HubFeed(String namespace, long position, long after) {
      this.namespace = namespace;
      this.position = position;
      this.seen = after;
    }

    @Override
    public @Nullable Change poll(Duration patience) throws InterruptedException {
      long nanos = patience.toNanos();
      lock.lockInterruptibly();
      try {
        while (!closed) {
          Change change = advance();
          if (change != null) {
            return change;
          }
          if (nanos <= 0) {
            return null;
          }
          nanos = changed.awaitNanos(nanos);
        }
        return null;
      } finally {
        lock.unlock();
      }
    }

    private @Nullable Change advance() {
      if (position < first) {
        throw expired(seen);
      }
      while (position < next) {
        Change change = at(position++);
        seen = change.revision();
        if (namespace.isEmpty() || namespace.equals(change.key().namespace())) {
          return change;
        }
      }
      return null;
    }

    @Override
    public boolean closed() {
      lock.lock();
      try {
        return closed;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
