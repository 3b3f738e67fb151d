package heddle.proxy.socket;

import java.util.concurrent.Callable;

/** The network namespace in which a sidecar's sockets are created. */
@FunctionalInterface
public interface SocketNamespace {

  /** The namespace the calling thread is in anyway. */
  SocketNamespace CURRENT =
      new SocketNamespace() {
        @Override
        public <T> T within(Callable<T> action) throws Exception {
          return action.call();
        }
      };

  /**
   * Runs an action on the calling thread with that thread inside the namespace. What it creates
   * stays there. The action does not block.
   */
  <T> T within(Callable<T> action) throws Exception;
}
