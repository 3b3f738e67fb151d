package heddle.network;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs actions inside a node's namespace for callers that live in the host's. */
final class NodeThreads implements AutoCloseable {
  private static final int THREADS = 2;

  private final Namespace node;
  private final ExecutorService workers;
  private final ExecutorService completer;

  NodeThreads(String cluster, Namespace node) {
    this.node = node;
    AtomicInteger count = new AtomicInteger();
    workers =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              NodeThread t =
                  new NodeThread(node, task, "node-" + cluster + "-" + count.incrementAndGet());
              t.setDaemon(true);
              return t;
            });
    completer =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("node-" + cluster + "-answers").factory());
    // It must be born in the host's namespace, so by the thread that calls this.
    completer.execute(() -> {});
  }

  /** Runs an action in a namespace of this node; the caller waits, unless it is there already. */
  <T> T call(Namespace where, Callable<T> action) throws Exception {
    NodeThread here = NodeThread.of(node);
    if (here != null) {
      return here.step(where, action);
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    workers.execute(() -> run(where, action, result));
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private <T> void run(Namespace where, Callable<T> action, CompletableFuture<T> result) {
    NodeThread here = (NodeThread) Thread.currentThread();
    try {
      T value = here.step(where, action);
      completer.execute(() -> result.complete(value));
    } catch (Throwable e) {
      completer.execute(() -> result.completeExceptionally(e));
    }
  }

  @Override
  public void close() {
    workers.close();
    completer.close();
  }
}
