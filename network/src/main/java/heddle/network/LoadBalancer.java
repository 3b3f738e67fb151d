package heddle.network;

import java.net.Inet4Address;
import java.util.Collection;
import java.util.Map;

/**
 * A load balancer's address on the host's loopback. What connects to it is relayed to the endpoints
 * that {@link NodeNetwork#services} has for the same address and port; the same forward makes the
 * address answer inside pods.
 */
public interface LoadBalancer extends AutoCloseable {

  /** The address, out of 127.66.0.0/16; no other cluster on this machine has it. */
  Inet4Address address();

  /**
   * Replaces the service ports (TCP) that are listened on. Connections that exist are left alone.
   *
   * @return the host's port for each service port: the same one, or, where that is taken or needs a
   *     privilege that is missing, one above 1024 (port + 8000 if free)
   * @throws NetworkException when no port can be bound
   */
  Map<Integer, Integer> listen(Collection<Integer> servicePorts);

  /** Stops listening and gives the address back. */
  @Override
  void close();
}
