package heddle.network;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node made of Linux network namespaces, links and nftables rules. Needs root, or the root of a
 * user namespace ({@code unshare -Urm}).
 *
 * <p>Namespaces are held by descriptors of this process only. So when it dies, by whatever signal,
 * the kernel removes them with every link, address and rule in them; only the names under {@link
 * NodeOptions#directory()} remain, which {@link NetworkJanitor} removes.
 */
public final class LinuxNodeNetwork implements NodeNetwork {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxNodeNetwork.class);

  private final NodeOptions options;
  private final Namespace namespace;
  private final NodeThreads threads;
  private final Netlink netlink;
  private final AddressPool addresses;
  private final ServiceRules serviceRules;
  private final AtomicReference<DnsZones> zones;
  private final AtomicInteger zoneVersion = new AtomicInteger();
  private final DnsServer dns;
  private final HostCarriers carriers;
  private final Relays relays;
  private final BalancerAddresses balancers;
  private final AtomicInteger links = new AtomicInteger();
  private final Map<String, NodePod> pods = new ConcurrentHashMap<>();

  private LinuxNodeNetwork(
      NodeOptions options, Namespace namespace, NodeThreads threads, Netlink netlink)
      throws Exception {
    this.options = options;
    this.namespace = namespace;
    this.threads = threads;
    this.netlink = netlink;
    this.addresses = new AddressPool(options.pods());
    this.serviceRules = new ServiceRules(options.loadBalancers());
    this.zones = new AtomicReference<>(zones(NameTable.EMPTY));
    SecureRandom random = new SecureRandom();
    DnsUpstream upstream = new DnsUpstream(options.resolvers(), random);
    DnsResponder responder = new DnsResponder(zones::get, upstream, random);
    InetSocketAddress at = new InetSocketAddress(nameServer(), 53);
    this.dns = DnsServer.start(threads, namespace, responder, at);
    this.carriers = new HostCarriers(options.cluster());
    this.relays = new Relays(options.cluster(), threads, namespace);
    this.balancers = new BalancerAddresses(options.loadBalancers(), options.cluster());
  }

  /**
   * Makes the node's namespace. Call it on a platform thread that is in the host's namespace.
   *
   * @throws NetworkException when the kernel or a tool refuses; nothing is left behind
   */
  public static LinuxNodeNetwork open(NodeOptions options) {
    return NodeSetup.open(options, UnaryOperator.identity());
  }

  static LinuxNodeNetwork of(
      NodeOptions options, Namespace namespace, NodeThreads threads, Netlink netlink)
      throws Exception {
    return new LinuxNodeNetwork(options, namespace, threads, netlink);
  }

  @Override
  public Inet4Address nodeAddress() {
    return NodeAddresses.NODE;
  }

  @Override
  public Inet4Address nameServer() {
    return options.services().at(10);
  }

  @Override
  public PodNetwork addPod(String podUid) {
    if (pods.containsKey(podUid)) {
      throw new NetworkException("pod " + podUid + " has a network already");
    }
    Inet4Address address = addresses.take();
    Path file = NetworkJanitor.names(options.directory()).resolve(podUid);
    String link = "pod" + links.incrementAndGet();
    try {
      NodePod pod = run(namespace, () -> makePod(address, link, file));
      pods.put(podUid, pod);
      return pod;
    } catch (RuntimeException e) {
      addresses.free(address);
      throw e;
    }
  }

  private NodePod makePod(Inet4Address address, String link, Path file) throws IOException {
    Namespace made = PodSetup.make(namespace, netlink, options, address, link);
    try {
      Files.deleteIfExists(file);
      Files.createSymbolicLink(file, made.file());
      return new NodePod(this, made, address, link, file);
    } catch (IOException e) {
      made.close(); // takes the link with it
      throw e;
    }
  }

  @Override
  public void removePod(String podUid) {
    NodePod pod = pods.remove(podUid);
    if (pod == null) {
      return;
    }
    try {
      removeRoute(pod);
    } finally {
      addresses.free(pod.address());
      forget(pod);
    }
  }

  private void removeRoute(NodePod pod) {
    try {
      netlink.removeRoute(Cidr.host(pod.address()), netlink.index(pod.link()));
    } catch (NetworkException e) {
      // Whoever has the pod's rights may have removed its link, and with it the route.
      LOG.debug("no route to remove for {}: {}", pod.link(), e.getMessage());
    }
  }

  private void forget(NodePod pod) {
    try {
      pod.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + pod.namespaceFile(), e);
    }
  }

  @Override
  public synchronized void services(Collection<ServiceForward> forwards) {
    String script = serviceRules.change(forwards);
    if (script.isEmpty()) {
      return;
    }
    run(
        namespace,
        () -> {
          Nft.apply(script);
          return null;
        });
    serviceRules.applied();
  }

  @Override
  public void names(NameTable names) {
    zones.set(zones(names));
  }

  private DnsZones zones(NameTable names) {
    List<Cidr> networks = List.of(options.pods(), options.services());
    return new DnsZones(names, networks, zoneVersion.incrementAndGet());
  }

  @Override
  public <T> T inNode(Callable<T> action) throws Exception {
    return threads.call(namespace, action);
  }

  @Override
  public SocketChannel dial(InetSocketAddress to, Duration timeout) throws IOException {
    SocketChannel channel;
    try {
      channel = inNode(() -> SocketChannel.open(StandardProtocolFamily.INET));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot open a socket in the node", e);
    }
    try {
      channel.bind(new InetSocketAddress(NodeAddresses.ENTRY, 0));
      channel.socket().connect(to, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void relayToHost(InetSocketAddress at, InetSocketAddress host) {
    try {
      relays.leave(at, host);
    } catch (IOException e) {
      throw new NetworkException("cannot listen on " + at + " in the node: " + e.getMessage(), e);
    }
  }

  @Override
  public LoadBalancer addLoadBalancer() {
    Inet4Address address = balancers.take();
    Inet4Address standIn = NodeAddresses.standIn(options.loadBalancers(), address);
    return new HostLoadBalancer(address, standIn, relays, () -> balancers.giveBack(address));
  }

  /**
   * Redirects what leaves the cluster to a relay.
   *
   * @param route where to dial for a destination; tests stay on the loopback by it
   */
  void openWayOut(UnaryOperator<InetSocketAddress> route) throws IOException {
    Channel way = relays.leaveTransparently(new InetSocketAddress(NodeAddresses.NODE, 0), route);
    String script = EgressRules.script(options, (InetSocketAddress) way.localAddress());
    run(
        namespace,
        () -> {
          Nft.apply(script);
          return null;
        });
  }

  /**
   * Threads for event loops that open sockets in this node and its pods without waiting for another
   * thread; see {@link NodeThreadFactory} for what they must not do.
   *
   * @param prefix name of the threads, followed by a number
   */
  public ThreadFactory threadFactory(String prefix) {
    return new NodeThreadFactory(namespace, prefix);
  }

  NodeThreads threads() {
    return threads;
  }

  NodeOptions options() {
    return options;
  }

  /** {@link #inNode} for actions without checked exceptions of their own. */
  <T> T run(Namespace where, Callable<T> action) {
    try {
      return threads.call(where, action);
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkException("interrupted", e);
    } catch (Exception e) {
      throw new NetworkException(e.toString(), e);
    }
  }

  @Override
  public void close() {
    dns.close();
    relays.close();
    balancers.close();
    pods.values().forEach(this::forget);
    pods.clear();
    carriers.close();
    netlink.close();
    threads.close();
    namespace.close();
  }
}
