package heddle.bench.serving;

import heddle.proxy.ProxyServer;
import heddle.proxy.Sidecar;
import heddle.proxy.SidecarOptions;
import heddle.proxy.socket.Transport;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The embedded data plane in a process of its own, all sidecars on one event loop: one sidecar for
 * each Envoy bootstrap file (binary) among the arguments, after the directory for their logs.
 * Serves until it is killed. Access logs take the way they take in a cluster: into a container's
 * log.
 */
public final class Serving {
  private Serving() {}

  /** Arguments: the directory of logs, then bootstrap files. */
  public static void main(String[] arguments) throws Exception {
    Path logs = Path.of(arguments[0]);
    var server = new ProxyServer(1, Thread.ofPlatform().factory(), Transport.best());
    for (String file : List.of(arguments).subList(1, arguments.length)) {
      start(server, Bootstrap.parseFrom(Files.readAllBytes(Path.of(file))), logs);
    }
    Thread.currentThread().join();
  }

  private static void start(ProxyServer server, Bootstrap bootstrap, Path logs)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    String node = bootstrap.getNode().getId();
    var admin = bootstrap.getAdmin().getAddress().getSocketAddress();
    Sidecar sidecar =
        server.sidecar(
            SidecarOptions.of(node, AccessLog.in(logs, node), new SplittableRandom(1))
                .withNode(bootstrap.getNode())
                .withAdmin(new InetSocketAddress(admin.getAddress(), admin.getPortValue())));
    var resources = bootstrap.getStaticResources();
    apply(sidecar, ResourceType.CLUSTER, resources.getClustersList());
    apply(sidecar, ResourceType.LISTENER, resources.getListenersList());
    sidecar.ready().get(10, TimeUnit.SECONDS);
  }

  private static void apply(
      Sidecar sidecar, ResourceType type, List<? extends com.google.protobuf.Message> messages) {
    Map<String, com.google.protobuf.Message> byName =
        messages.stream().collect(Collectors.toMap(type::nameOf, Function.identity()));
    var verdict = sidecar.apply(new AdsClient.Update(type, "1", byName, type.completeSet()));
    if (!verdict.equals(AdsClient.Verdict.accepted())) {
      throw new IllegalStateException("the configuration is refused: " + verdict);
    }
  }
}
