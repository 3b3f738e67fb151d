package heddle.kube.loop;

import heddle.kube.KubeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Works a queue off with a reconciler, on virtual threads of its own. */
public final class ControllerLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final String name;
  private final Reconciler reconciler;
  private final WorkQueue queue;
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();

  private ControllerLoop(String name, Reconciler reconciler, LongSupplier ticker) {
    this.name = name;
    this.reconciler = reconciler;
    this.queue = new WorkQueue(ticker);
  }

  /**
   * Starts working.
   *
   * @param name for logs
   * @param workers how many objects at once
   * @param ticker counts nanoseconds
   */
  public static ControllerLoop start(
      String name, int workers, Reconciler reconciler, LongSupplier ticker) {
    ControllerLoop loop = new ControllerLoop(name, reconciler, ticker);
    for (int i = 0; i < workers; i++) {
      loop.threads.add(Thread.ofVirtual().name("heddle-" + name + "-" + i).start(loop::run));
    }
    return loop;
  }

  /** Asks for a run for one object. */
  public void enqueue(String key) {
    queue.add(key);
  }

  /** Stops; runs that are under way are interrupted. */
  @Override
  public void close() {
    queue.close();
    threads.forEach(Thread::interrupt);
  }

  private void run() {
    try {
      for (Optional<String> key = queue.take(); key.isPresent(); key = queue.take()) {
        settle(key.get(), attempt(key.get()));
        queue.done(key.get());
      }
    } catch (InterruptedException e) {
      LOG.debug("{} stops", name);
    }
  }

  private Outcome attempt(String key) throws InterruptedException {
    try {
      return reconciler.reconcile(key);
    } catch (RuntimeException | Error e) {
      // An Error too: a loop that ends in silence is worse than one that tries again and says so.
      return new Outcome.Failed(e);
    }
  }

  private void settle(String key, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done() -> failures.remove(key);
      case Outcome.RequeueAfter(Duration delay) -> {
        failures.remove(key);
        queue.addAfter(key, delay);
      }
      case Outcome.Rejected(String message) -> {
        failures.remove(key);
        LOG.info("{} {}: {}", name, key, message);
      }
      case Outcome.Failed(Throwable cause) -> {
        int count = failures.merge(key, 1, Integer::sum);
        long nanos = FIRST_RETRY.toNanos() << Math.min(count - 1, 20);
        Duration delay = Duration.ofNanos(Math.min(nanos, LAST_RETRY.toNanos()));
        // Somebody else wrote first: the next look sees it, and there is nothing to tell.
        Level level = cause instanceof KubeException e && e.conflict() ? Level.DEBUG : Level.WARN;
        LOG.atLevel(level).log("{} {} failed, again in {}: {}", name, key, delay, cause.toString());
        queue.addAfter(key, delay);
      }
    }
  }
}
