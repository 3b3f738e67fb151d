package heddle.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

/** Makes a node's namespace: its loopback, addresses, switches and tables. */
final class NodeSetup {
  private NodeSetup() {}

  private record Made(Namespace namespace, Netlink netlink) {}

  static LinuxNodeNetwork open(NodeOptions options, UnaryOperator<InetSocketAddress> route) {
    try {
      Files.createDirectories(NetworkJanitor.names(options.directory()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + options.directory(), e);
    }
    FutureTask<Made> task =
        new FutureTask<>(
            () -> {
              Namespace node = Namespace.create();
              try {
                return new Made(node, configure(options));
              } catch (Exception e) {
                node.close();
                throw e;
              }
            });
    // The thread ends in the new namespace, so nothing else may ever run on it.
    Thread maker = Thread.ofPlatform().name("node-" + options.cluster() + "-setup").start(task);
    try {
      Made made = task.get();
      maker.join();
      return serve(options, made.namespace(), made.netlink(), route);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkException("interrupted while the node was made", e);
    } catch (ExecutionException e) {
      throw new NetworkException("cannot make the node's namespace: " + e.getCause(), e);
    }
  }

  private static LinuxNodeNetwork serve(
      NodeOptions options,
      Namespace namespace,
      Netlink netlink,
      UnaryOperator<InetSocketAddress> route) {
    NodeThreads threads = new NodeThreads(options.cluster(), namespace);
    LinuxNodeNetwork node;
    try {
      node = LinuxNodeNetwork.of(options, namespace, threads, netlink);
    } catch (Exception e) {
      threads.close();
      netlink.close();
      namespace.close();
      throw new NetworkException("cannot serve in the node: " + e.getMessage(), e);
    }
    try {
      node.openWayOut(route);
      return node;
    } catch (IOException | RuntimeException e) {
      node.close();
      throw new NetworkException("cannot open the node's way out: " + e.getMessage(), e);
    }
  }

  private static Netlink configure(NodeOptions options) throws IOException {
    sysctl("ipv4/ip_forward", "1");
    sysctl("ipv4/conf/all/route_localnet", "1");
    sysctl("ipv6/conf/default/disable_ipv6", "1");
    Netlink netlink = new Netlink();
    try {
      int lo = netlink.index("lo");
      netlink.up(lo);
      netlink.addAddress(lo, NodeAddresses.NODE, 32);
      netlink.addAddress(lo, NodeAddresses.ENTRY, 32);
      netlink.addLocalRoute(options.services(), lo, NodeAddresses.ENTRY);
      netlink.addLocalRoute(NodeAddresses.BALANCERS, lo, NodeAddresses.ENTRY);
      netlink.refuseTheRest(lo);
      Nft.apply(ServiceRules.base());
      return netlink;
    } catch (RuntimeException e) {
      netlink.close();
      throw e;
    }
  }

  /** Sets a switch of the namespace that the calling thread is in. */
  static void sysctl(String name, String value) throws IOException {
    Path file = Path.of("/proc/sys/net").resolve(name);
    if (name.startsWith("ipv6/") && !Files.exists(file)) {
      return; // a kernel without IPv6 has nothing to switch off
    }
    Files.writeString(file, value);
  }
}
