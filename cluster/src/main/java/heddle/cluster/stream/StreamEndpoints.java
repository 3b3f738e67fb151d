package heddle.cluster.stream;

import heddle.cluster.dial.NodeDialer;
import heddle.cluster.dial.ServiceResolver;
import heddle.cluster.node.PodAccess;
import heddle.cluster.object.Objects;
import heddle.cluster.server.Subresource;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes the endpoints of this package, ready to be given to the API server. */
public final class StreamEndpoints {
  private StreamEndpoints() {}

  /**
   * @param pods reaches running containers
   * @param dialer reaches pods and the endpoints of services
   * @param random chooses among endpoints
   */
  public static List<Subresource> of(
      Objects objects,
      PodAccess pods,
      NodeDialer dialer,
      InstantSource clock,
      RandomGenerator random) {
    var containers = new PodContainers(objects);
    return List.of(
        new CommandEndpoint(pods, containers),
        new PortForwardEndpoint(pods, containers),
        new LogEndpoint(pods, containers, clock),
        new ProxyEndpoint(containers, new ServiceResolver(objects, random), dialer));
  }
}
