package heddle.control.rebuild;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs builds on one virtual thread.
 *
 * <p>A build waits until changes have paused for the hold-off, but no longer than the ceiling after
 * the first of them. An update of endpoints waits for nothing: a pod that stops must leave before
 * its next request.
 */
public final class RebuildLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RebuildLoop.class);

  private final Work work;
  private final Timing timing;
  private final LongSupplier ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean buildWanted;
  private boolean endpointsWanted;
  private long firstChange;
  private long lastChange;
  private boolean building;
  private boolean urgent;
  private boolean closed;

  /** What is to be done. Never called by two threads at once. */
  public interface Work {
    /** Compiles everything and publishes it, endpoints included. */
    void rebuild();

    /** Publishes the endpoints of what was compiled last. */
    void refreshEndpoints();
  }

  /**
   * How long changes are collected.
   *
   * @param holdOff a build starts when there was no change for so long
   * @param ceiling a build starts at the latest so long after the first change
   */
  public record Timing(Duration holdOff, Duration ceiling) {
    /** 30 ms and 300 ms. */
    public static final Timing STANDARD = new Timing(Duration.ofMillis(30), Duration.ofMillis(300));
  }

  private RebuildLoop(Work work, Timing timing, LongSupplier ticker) {
    this.work = work;
    this.timing = timing;
    this.ticker = ticker;
    this.thread = Thread.ofVirtual().name("heddle-rebuild").unstarted(this::run);
  }

  /**
   * Starts the loop; it does nothing until something has changed. The ticker counts nanoseconds.
   */
  public static RebuildLoop start(Work work, Timing timing, LongSupplier ticker) {
    RebuildLoop loop = new RebuildLoop(work, timing, ticker);
    loop.thread.start();
    return loop;
  }

  /** Something changed that a build depends on. */
  public void meshChanged() {
    lock.lock();
    try {
      lastChange = ticker.getAsLong();
      if (!buildWanted) {
        buildWanted = true;
        firstChange = lastChange;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something changed that only endpoints depend on. */
  public void endpointsChanged() {
    lock.lock();
    try {
      endpointsWanted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Builds at once if a build is due anyway, and waits for it and for one that is under way.
   *
   * @return false if that took too long
   */
  public boolean settle(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = atMost.toNanos();
      urgent = buildWanted;
      changed.signalAll();
      while ((buildWanted || building) && !closed) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
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

  private enum Next {
    REBUILD,
    ENDPOINTS,
    STOP
  }

  private void run() {
    try {
      for (Next next = await(); next != Next.STOP; next = await()) {
        try {
          switch (next) {
            case REBUILD -> work.rebuild();
            case ENDPOINTS -> work.refreshEndpoints();
            case STOP -> {}
          }
        } catch (RuntimeException | Error e) {
          LOG.error("{} failed; what was published before stays in force", next, e);
        }
        finished();
      }
    } catch (InterruptedException e) {
      LOG.debug("the rebuild loop was interrupted");
    }
  }

  private void finished() {
    lock.lock();
    try {
      building = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Next await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        long wait = buildWanted ? untilBuild(ticker.getAsLong()) : 0;
        if (buildWanted && (wait <= 0 || urgent)) {
          buildWanted = false;
          endpointsWanted = false;
          urgent = false;
          building = true;
          return Next.REBUILD;
        }
        if (endpointsWanted) {
          endpointsWanted = false;
          return Next.ENDPOINTS;
        }
        if (buildWanted) {
          long unused = changed.awaitNanos(wait);
        } else {
          changed.await();
        }
      }
      return Next.STOP;
    } finally {
      lock.unlock();
    }
  }

  private long untilBuild(long now) {
    long calm = lastChange + timing.holdOff().toNanos() - now;
    long latest = firstChange + timing.ceiling().toNanos() - now;
    return Math.min(calm, latest);
  }
}
