package heddle.network;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that lives in a node's namespace. It may step into a pod of that node for a
 * moment, and always steps back.
 *
 * <p>A thread that it starts is born in the namespace it is in at that moment; see {@link
 * HostCarriers} for virtual threads.
 */
final class NodeThread extends FastThreadLocalThread {
  private final Namespace home;
  private Namespace current;

  NodeThread(Namespace home, @Nullable Runnable target, String name) {
    super(target, name);
    this.home = home;
    this.current = home;
  }

  @Override
  public void run() {
    home.enter();
    super.run();
  }

  /** The calling thread, if it lives in this node. */
  static @Nullable NodeThread of(Namespace node) {
    return Thread.currentThread() instanceof NodeThread t && t.home == node ? t : null;
  }

  /** Runs an action in another namespace and comes back to where the thread was. */
  <T> T step(Namespace into, Callable<T> action) throws Exception {
    Namespace before = current;
    into.enter();
    current = into;
    try {
      return action.call();
    } finally {
      before.enter();
      current = before;
    }
  }
}
