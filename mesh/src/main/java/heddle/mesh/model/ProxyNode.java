package heddle.mesh.model;

import heddle.resource.ResourceKey;
import java.util.List;

/**
 * What the proxies of one workload or gateway do.
 *
 * @param id how they name themselves to the control plane
 * @param gateway whether it is a gateway rather than a workload's sidecars
 * @param ports where the workload or gateway is reached
 */
public record ProxyNode(
    String id,
    ResourceKey owner,
    boolean gateway,
    List<Integer> ports,
    List<ProxyListener> listeners,
    List<RouteTable> routeTables,
    List<Upstream> upstreams) {
  public ProxyNode {
    ports = List.copyOf(ports);
    listeners = List.copyOf(listeners);
    routeTables = List.copyOf(routeTables);
    upstreams = List.copyOf(upstreams);
  }
}
