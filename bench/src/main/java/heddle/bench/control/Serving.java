package heddle.bench.control;

import heddle.control.ControlPlane;
import heddle.control.DiscoveryService;
import heddle.kube.KubeApi;
import io.grpc.InsecureServerCredentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A control plane alone in its process, until that is killed. */
final class Serving {
  private static final Duration START = Duration.ofMinutes(5);

  private Serving() {}

  /** Arguments: the URL of a Kubernetes API, and the port to serve ADS on. */
  public static void main(String[] arguments) throws Exception {
    KubeApi api = KubeApi.of(arguments[0], "", "");
    var discovery = new DiscoveryService(DiscoveryService.Tokens.IGNORED);
    ControlPlane.start(api, discovery, ControlPlane.Parts.standard(), START);
    discovery.listen(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])),
        InsecureServerCredentials.create());
    Thread.currentThread().join();
  }
}
