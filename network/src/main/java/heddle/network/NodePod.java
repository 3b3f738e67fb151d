package heddle.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** One pod's namespace, its link to the node, and its name in the cluster's directory. */
final class NodePod implements PodNetwork {
  private final LinuxNodeNetwork node;
  private final Namespace namespace;
  private final Inet4Address address;
  private final String link;
  private final Path file;

  NodePod(
      LinuxNodeNetwork node, Namespace namespace, Inet4Address address, String link, Path file) {
    this.node = node;
    this.namespace = namespace;
    this.address = address;
    this.link = link;
    this.file = file;
  }

  @Override
  public Inet4Address address() {
    return address;
  }

  @Override
  public Path namespaceFile() {
    return file;
  }

  String link() {
    return link;
  }

  @Override
  public <T> T within(Callable<T> action) throws Exception {
    return node.threads().call(namespace, action);
  }

  @Override
  public void intercept(Interception rules) {
    String script = InterceptionRules.intercept(rules, node.options().loadBalancers());
    node.run(
        namespace,
        () -> {
          Nft.apply(script);
          return null;
        });
  }

  /** Forgets the namespace; it is gone, with its link, when the last process in it is. */
  void close() throws IOException {
    Files.deleteIfExists(file);
    namespace.close();
  }
}
