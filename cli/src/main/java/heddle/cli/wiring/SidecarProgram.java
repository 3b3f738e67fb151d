package heddle.cli.wiring;

import heddle.cluster.node.InProcessProgram;
import heddle.cluster.object.Metadata;
import heddle.network.Interception;
import heddle.network.PodNetwork;
import heddle.proxy.ProxyServer;
import heddle.proxy.Sidecar;
import heddle.proxy.SidecarOptions;
import heddle.proxy.socket.SocketNamespace;
import heddle.xds.NodeName;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The container {@code envoy} of an injected pod or a gateway: a sidecar of the embedded proxy,
 * with its sockets in the pod and its configuration from ADS. Its log is the access log.
 */
final class SidecarProgram implements InProcessProgram {

  private static final int ADMIN_PORT = 9901;
  private static final int EXIT_TERMINATED = 0;
  private static final int EXIT_KILLED = 137;

  private final ProxyServer proxy;
  private final ManagedChannel discovery;
  private final InetAddress nameServer;
  private final Supplier<RandomGenerator> random;

  /**
   * @param discovery to the ADS server; stays the caller's
   * @param random a generator for each sidecar
   */
  SidecarProgram(
      ProxyServer proxy,
      ManagedChannel discovery,
      InetAddress nameServer,
      Supplier<RandomGenerator> random) {
    this.proxy = proxy;
    this.discovery = discovery;
    this.nameServer = nameServer;
    this.random = random;
  }

  @Override
  public Running start(Context context) {
    Node node = node(context);
    SidecarOptions options =
        SidecarOptions.of(
                node.getId(), line -> context.log().accept(line.stripTrailing()), random.get())
            .withNode(node)
            .within(new PodSockets(context.network()), OptionalInt.of(Interception.PROXY_MARK))
            .withNameServer(new InetSocketAddress(nameServer, 53))
            .withAdmin(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), ADMIN_PORT));
    Sidecar sidecar = proxy.sidecar(options);
    Path token = context.serviceAccount().resolve("token");
    sidecar.connect(discovery, () -> read(token));
    // What an empty log leaves a reader to guess.
    context
        .log()
        .accept(
            "[info] proxy of %s as node %s; logs requests where the access log's path is /dev/stdout"
                .formatted(node.getCluster(), node.getId()));
    return new Started(sidecar);
  }

  /** Names the pod, so that the control plane finds what to serve it; see {@code NodeName}. */
  private static Node node(Context context) {
    String resource =
        context
            .environment()
            .getOrDefault(
                "APPMESH_RESOURCE_ARN",
                context.environment().getOrDefault("APPMESH_VIRTUAL_NODE_NAME", ""));
    String id =
        NodeName.ofPod(
                resource.contains("virtualGateway/"),
                context.network().address().getHostAddress(),
                Metadata.namespace(context.pod()),
                Metadata.name(context.pod()))
            .id();
    return Node.newBuilder().setId(id).setCluster(resource).build();
  }

  private static String read(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the pod's service account token", e);
    }
  }

  private record PodSockets(PodNetwork network) implements SocketNamespace {
    @Override
    public <T> T within(Callable<T> action) throws Exception {
      return network.within(action);
    }
  }

  private static final class Started implements Running {
    private final Sidecar sidecar;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private Started(Sidecar sidecar) {
      this.sidecar = sidecar;
    }

    @Override
    public void terminate(Duration grace) {
      // Completed on an event loop: whoever waits must be woken elsewhere.
      sidecar
          .terminate(grace)
          .thenRunAsync(
              () -> exit.complete(EXIT_TERMINATED), task -> Thread.ofPlatform().start(task));
    }

    @Override
    public void kill() {
      sidecar.close();
      exit.complete(EXIT_KILLED);
    }

    @Override
    public CompletionStage<Integer> exit() {
      return exit;
    }
  }
}
