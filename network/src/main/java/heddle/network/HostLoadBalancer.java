package heddle.network;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** The listeners of one load balancer on the host. */
final class HostLoadBalancer implements LoadBalancer {
  private static final int FIRST_FREE_PORT = 1024;
  private static final int HIGH = 8000;

  private final Inet4Address address;
  private final Inet4Address standIn;
  private final Relays relays;
  private final Runnable giveBack;
  private final Map<Integer, Channel> listeners = new HashMap<>();
  private boolean closed;

  /**
   * @param standIn the address that stands for this one in the node
   * @param giveBack called once when the balancer is closed
   */
  HostLoadBalancer(Inet4Address address, Inet4Address standIn, Relays relays, Runnable giveBack) {
    this.address = address;
    this.standIn = standIn;
    this.relays = relays;
    this.giveBack = giveBack;
  }

  @Override
  public Inet4Address address() {
    return address;
  }

  @Override
  public synchronized Map<Integer, Integer> listen(Collection<Integer> servicePorts) {
    for (Iterator<Map.Entry<Integer, Channel>> i = listeners.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Integer, Channel> entry = i.next();
      if (!servicePorts.contains(entry.getKey())) {
        entry.getValue().close().syncUninterruptibly();
        i.remove();
      }
    }
    for (int port : servicePorts) {
      if (!closed && !listeners.containsKey(port)) {
        listeners.put(port, open(port));
      }
    }
    Map<Integer, Integer> ports = new TreeMap<>();
    listeners.forEach(
        (port, l) -> ports.put(port, ((InetSocketAddress) l.localAddress()).getPort()));
    return ports;
  }

  private Channel open(int servicePort) {
    int high = servicePort < FIRST_FREE_PORT ? servicePort + HIGH : 0;
    StringBuilder refusals = new StringBuilder();
    for (int port : new int[] {servicePort, high, 0}) {
      try {
        InetSocketAddress at = new InetSocketAddress(address, port);
        return relays.enter(at, new InetSocketAddress(standIn, servicePort));
      } catch (IOException e) {
        refusals.append("; port ").append(port).append(": ").append(e.getMessage());
      }
    }
    throw new NetworkException(
        "load balancer " + address.getHostAddress() + " cannot listen" + refusals);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      listeners.values().forEach(l -> l.close().syncUninterruptibly());
      listeners.clear();
      giveBack.run();
    }
  }
}
