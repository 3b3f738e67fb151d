package heddle.cluster.dial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * Opens connections from the node's network namespace, where the addresses of pods mean something.
 * Implemented over {@code network} by whoever starts the cluster.
 */
public interface NodeDialer {

  /**
   * Connects, blocking; an interrupt ends the attempt.
   *
   * @param address a pod's or a service's
   * @return a connected channel in blocking mode
   */
  SocketChannel connect(InetSocketAddress address) throws IOException;
}
