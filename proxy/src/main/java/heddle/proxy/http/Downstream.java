package heddle.proxy.http;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/**
 * The client's connection as requests and access logs see it.
 *
 * @param id unique in the sidecar
 * @param remote {@code IP:PORT} of the client
 * @param local {@code IP:PORT} that the client wanted to reach
 * @param remoteAddress the client's IP alone
 * @param localAddress the IP that the client wanted to reach
 * @param loopback whether the client is on this host
 * @param destination {@code local} as an address
 */
record Downstream(
    long id,
    String remote,
    String local,
    String remoteAddress,
    String localAddress,
    boolean loopback,
    InetSocketAddress destination) {

  static Downstream of(long id, Channel channel, InetSocketAddress destination) {
    String own = destination.getAddress().getHostAddress();
    String local = own + ":" + destination.getPort();
    if (channel.remoteAddress() instanceof InetSocketAddress client) {
      String address = client.getAddress().getHostAddress();
      return new Downstream(
          id,
          address + ":" + client.getPort(),
          local,
          address,
          own,
          client.getAddress().isLoopbackAddress(),
          destination);
    }
    String gone = String.valueOf(channel.remoteAddress()); // closed before it was looked at
    return new Downstream(id, gone, local, gone, own, true, destination);
  }
}
