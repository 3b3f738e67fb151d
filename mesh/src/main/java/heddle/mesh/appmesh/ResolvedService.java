package heddle.mesh.appmesh;

import heddle.mesh.model.Provenance;
import heddle.mesh.model.Route;
import heddle.mesh.model.Share;
import heddle.mesh.model.Timeout;
import heddle.mesh.model.Upstream;
import heddle.resource.appmesh.Protocol;
import heddle.resource.appmesh.VirtualService;
import java.util.List;

/**
 * What calling a virtual service means, the same for every caller.
 *
 * @param ports where it is called; empty when nobody provides it
 */
record ResolvedService(VirtualService service, List<Port> ports) {

  ResolvedService {
    ports = List.copyOf(ports);
  }

  /**
   * One of its ports.
   *
   * @param routes for the HTTP family, in the order of matching
   * @param tcp for tcp
   * @param upstreams everything that routes and tcp send to
   */
  record Port(
      int number,
      Protocol protocol,
      List<Route> routes,
      List<Share> tcp,
      Timeout tcpIdle,
      List<Upstream> upstreams,
      Provenance from) {
    Port {
      routes = List.copyOf(routes);
      tcp = List.copyOf(tcp);
      upstreams = List.copyOf(upstreams);
    }
  }
}
