package heddle.network;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One service address and the endpoints behind it.
 *
 * @param address the cluster address, or a load balancer's address (127.66.x.y)
 * @param port the service port
 * @param protocol transport
 * @param endpoints ready endpoints; none means that connections are refused
 */
public record ServiceForward(
    Inet4Address address, int port, Protocol protocol, List<InetSocketAddress> endpoints) {

  /** Transport protocol of a service port. */
  public enum Protocol {
    TCP,
    UDP
  }

  public ServiceForward {
    endpoints = List.copyOf(endpoints);
  }
}
