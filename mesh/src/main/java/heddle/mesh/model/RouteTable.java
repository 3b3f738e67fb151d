package heddle.mesh.model;

import java.util.List;

/**
 * What happens to requests: the virtual host whose domain matches the Host best, and in it the
 * first route that matches.
 *
 * @param ignorePortInHost whether a port in the Host is left out of the comparison
 */
public record RouteTable(String name, List<VirtualHost> virtualHosts, boolean ignorePortInHost) {
  public RouteTable {
    virtualHosts = List.copyOf(virtualHosts);
  }
}
