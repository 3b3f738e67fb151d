package heddle.network;

import java.net.Inet4Address;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** The network namespace of one pod. */
public interface PodNetwork {

  /** The pod's address, a /32 out of the pod network. */
  Inet4Address address();

  /** The namespace's file, for {@code nsenter --net=FILE}. */
  Path namespaceFile();

  /**
   * Runs an action inside the pod's namespace. Sockets that the action creates belong to the pod
   * for their whole life, whoever uses them afterwards. The action must not block for long.
   */
  <T> T within(Callable<T> action) throws Exception;

  /** Installs the sidecar's redirect rules, replacing those of an earlier call. */
  void intercept(Interception rules);
}
