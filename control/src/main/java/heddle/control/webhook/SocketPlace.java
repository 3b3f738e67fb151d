package heddle.control.webhook;

import java.util.concurrent.Callable;

/** Where sockets are opened: in the controller's pod, or here. */
public interface SocketPlace {

  /** Runs an action so that the sockets which it opens belong to the place. */
  <T> T within(Callable<T> action) throws Exception;

  /** This process' own network. */
  static SocketPlace here() {
    return new SocketPlace() {
      @Override
      public <T> T within(Callable<T> action) throws Exception {
        return action.call();
      }
    };
  }
}
