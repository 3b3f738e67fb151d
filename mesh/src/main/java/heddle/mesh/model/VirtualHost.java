package heddle.mesh.model;

import java.util.List;

/**
 * The routes of some hosts; without routes, requests get 404.
 *
 * @param domains as Envoy has them: exact, {@code *.suffix} or {@code *}
 */
public record VirtualHost(String name, List<String> domains, List<Route> routes, Provenance from) {
  public VirtualHost {
    domains = List.copyOf(domains);
    routes = List.copyOf(routes);
  }
}
