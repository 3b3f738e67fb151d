package heddle.cluster.informer;

import heddle.cluster.object.ApiException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a reconciler over a queue of keys, one key at a time, on one virtual thread. */
public final class ControllerLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

  private final String name;
  private final Reconciler reconciler;
  private final WorkQueue queue;
  private @Nullable Thread worker;

  /**
   * @param name of the controller, for its thread and its log lines
   * @param timer delays keys; not closed here
   */
  public ControllerLoop(String name, Reconciler reconciler, ScheduledExecutorService timer) {
    this.name = name;
    this.reconciler = reconciler;
    this.queue = new WorkQueue(timer);
  }

  /** Asks for a look at a key, soon. */
  public void enqueue(Key key) {
    queue.add(key);
  }

  public synchronized void start() {
    worker = Thread.ofVirtual().name("controller-" + name).start(this::run);
  }

  /** Stops after the key in work. */
  @Override
  public synchronized void close() {
    if (worker == null) {
      return;
    }
    worker.interrupt();
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        work(queue.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Key key) throws InterruptedException {
    try {
      var again = reconciler.reconcile(key);
      queue.done(key);
      again.ifPresent(delay -> queue.addAfter(key, delay));
    } catch (InterruptedException e) {
      throw e;
    } catch (ApiException e) {
      // Somebody else wrote first, or the object went away: the next look sees it.
      if (e.code() == 409 || e.code() == 404) {
        LOG.debug("{} {}: {}", name, key, e.getMessage());
      } else {
        LOG.warn("{} {}: {}; trying again", name, key, e.getMessage());
      }
      queue.retry(key);
    } catch (Exception | Error e) {
      // An Error too: a loop that ends in silence is worse than one that tries again and says so.
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      LOG.warn("{} {}: trying again", name, key, e);
      queue.retry(key);
    }
  }
}
