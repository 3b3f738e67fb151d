package heddle.kube.apply;

import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.KubeWatch;
import heddle.kube.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Waits until objects are as they should be, by watching them. */
public final class Waiter {
  private final KubeApi api;
  private final LongSupplier ticker;

  /** A waiter; the ticker counts nanoseconds. */
  public Waiter(KubeApi api, LongSupplier ticker) {
    this.api = api;
    this.ticker = ticker;
  }

  /**
   * Waits for a condition to be True.
   *
   * @throws KubeException if it is not in time
   */
  public KubeObject await(KubeObject object, String condition, Duration atMost)
      throws InterruptedException {
    if (object.isTrue(condition)) {
      return object;
    }
    return await(
        api.kindOf(object),
        object.namespace(),
        object.name(),
        "condition " + condition,
        each -> each.isTrue(condition),
        atMost);
  }

  /**
   * Waits for an object to be there and to satisfy a test.
   *
   * @param what is waited for, in words
   * @throws KubeException if it does not in time
   */
  public KubeObject await(
      KubeKind kind,
      String namespace,
      String name,
      String what,
      Predicate<KubeObject> test,
      Duration atMost)
      throws InterruptedException {
    long deadline = ticker.getAsLong() + atMost.toNanos();
    Scope scope = new Scope(namespace, "", "metadata.name=" + name);
    while (true) {
      var list = api.list(kind, scope);
      Optional<KubeObject> found = list.items().stream().filter(test).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      found = watch(kind, scope, list.resourceVersion(), test, deadline);
      if (found.isPresent()) {
        return found.get();
      }
      if (ticker.getAsLong() - deadline >= 0) {
        throw new KubeException(
            0,
            "Timeout",
            "%s %s: no %s within %s"
                .formatted(kind, KubeObject.key(namespace, name), what, atMost));
      }
    }
  }

  /** Watches until the test holds, the deadline passes, or the server ends the watch. */
  private Optional<KubeObject> watch(
      KubeKind kind, Scope scope, String from, Predicate<KubeObject> test, long deadline)
      throws InterruptedException {
    try (KubeWatch watch = api.watch(kind, scope, from)) {
      Thread alarm = Thread.ofVirtual().name("heddle-wait").start(() -> closeAt(watch, deadline));
      try {
        for (Optional<KubeWatch.Event> event = watch.next();
            event.isPresent();
            event = watch.next()) {
          switch (event.get().type()) {
            case ADDED, MODIFIED -> {
              if (test.test(event.get().object())) {
                return Optional.of(event.get().object());
              }
            }
            case DELETED, BOOKMARK -> {}
          }
        }
        return Optional.empty();
      } finally {
        alarm.interrupt();
      }
    } catch (KubeException e) {
      if (e.expired() || e.transientFailure()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void closeAt(KubeWatch watch, long deadline) {
    try {
      new java.util.concurrent.CountDownLatch(1)
          .await(Math.max(0, deadline - ticker.getAsLong()), TimeUnit.NANOSECONDS);
      watch.close();
    } catch (InterruptedException e) {
      // The object was ready in time.
    }
  }
}
