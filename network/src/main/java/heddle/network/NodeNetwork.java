package heddle.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Callable;

/**
 * The network of one cluster's node: a namespace of its own, the pods joined to it, the addresses
 * of services and the name server.
 *
 * <p>Nothing of it is in the host's routes, links or rules. Closing it removes every namespace,
 * link and rule it made.
 */
public interface NodeNetwork extends AutoCloseable {

  /** The node's address as pods see it: source of probes, {@code status.hostIP} of every pod. */
  Inet4Address nodeAddress();

  /** The address of the cluster's name server inside the service network (the .10). */
  Inet4Address nameServer();

  /**
   * Makes a pod's namespace and joins it to the node.
   *
   * @param podUid the pod's uid; names the namespace and its records
   * @throws NetworkException when the kernel or a tool refuses; nothing is left behind
   */
  PodNetwork addPod(String podUid);

  /** Removes a pod's namespace, link, address and rules. Unknown uids are ignored. */
  void removePod(String podUid);

  /**
   * Replaces the forwarding table of service addresses. Only what changed is written to the kernel;
   * connections that exist are left alone.
   */
  void services(Collection<ServiceForward> forwards);

  /** Replaces what the name server answers for the cluster's own zones. */
  void names(NameTable names);

  /**
   * Runs an action on a thread that is inside the node's namespace. Sockets that the action creates
   * belong to the node for their whole life, whoever uses them afterwards.
   */
  <T> T inNode(Callable<T> action) throws Exception;

  /**
   * Connects a socket of the node, as the API server does to reach pods (proxied requests,
   * webhooks). Sidecars take such a connection as they take a peer's, unlike a probe's.
   *
   * @param timeout how long the caller is willing to wait; more than zero
   * @throws IOException when the connection is refused, unreachable or too slow
   */
  SocketChannel dial(InetSocketAddress to, Duration timeout) throws IOException;

  /**
   * Makes a server on the host reachable from pods: what connects to an address of the node is
   * dialled from the host. For the API server, {@code at} is the endpoint of the service {@code
   * kubernetes}. It lasts until the network is closed.
   *
   * @param at the node's address, or a service address, and a port there
   * @param host the server's address on the host
   * @throws NetworkException when the address is in use
   */
  void relayToHost(InetSocketAddress at, InetSocketAddress host);

  /**
   * Takes an address on the host's loopback for a load balancer. Call it on a thread of the host.
   *
   * @throws NetworkException when no address is free
   */
  LoadBalancer addLoadBalancer();

  @Override
  void close();
}
