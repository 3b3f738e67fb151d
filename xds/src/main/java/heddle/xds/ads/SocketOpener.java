package heddle.xds.ads;

import java.util.concurrent.Callable;

/** Runs an action so that the sockets which it opens belong where its owner wants them. */
@FunctionalInterface
public interface SocketOpener {

  /** Runs the action; it must not block for long. */
  <T> T open(Callable<T> action) throws Exception;
}
