package heddle.proxy.upstream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds back changes of health and weight alone, so that many at once make the balancer's schedules
 * anew only once. The first goes through, those that follow within the window go together at its
 * end; a host that joins or leaves takes all with it at once. Each priority by itself. Semantics:
 * Envoy's {@code update_merge_window}.
 */
final class MergeWindow {
  private final Cluster cluster;
  private final IntConsumer deliver;
  private final Map<Integer, Window> windows = new HashMap<>();

  private static final class Window {
    private boolean delivered;
    private long deliveredNanos;
    private @Nullable Future<?> timer;
  }

  /**
   * @param deliver told the priority whose hosts the balancer must look at again
   */
  MergeWindow(Cluster cluster, IntConsumer deliver) {
    this.cluster = cluster;
    this.deliver = deliver;
  }

  /** Something changed; {@code members} says that hosts joined or left. */
  void changed(int priority, boolean members) {
    if (!cluster.warm()) {
      deliver.accept(priority);
      return;
    }
    var window = windows.computeIfAbsent(priority, p -> new Window());
    long nanos = cluster.config().mergeWindow().toNanos();
    long now = cluster.ticker().nanoTime();
    if (members || !window.delivered || now - window.deliveredNanos > nanos) {
      deliver(priority, window);
    } else if (window.timer == null) {
      window.timer =
          cluster.loop().schedule(() -> deliver(priority, window), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void deliver(int priority, Window window) {
    cancel(window);
    window.delivered = true;
    window.deliveredNanos = cluster.ticker().nanoTime();
    deliver.accept(priority);
  }

  private static void cancel(Window window) {
    if (window.timer != null) {
      window.timer.cancel(false);
      window.timer = null;
    }
  }

  void close() {
    windows.values().forEach(MergeWindow::cancel);
    windows.clear();
  }
}
