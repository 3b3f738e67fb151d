package heddle.xds.route;

import java.util.List;

/**
 * A virtual host.
 *
 * @param name Envoy: {@code VirtualHost.name}
 * @param domains what it claims, lower case
 * @param routes in order; the first that matches wins
 * @param edits header changes of the virtual host level
 * @param attemptCountInRequest whether upstream requests carry {@code x-envoy-attempt-count}
 * @param attemptCountInResponse whether responses carry it
 */
public record HostRoutes(
    String name,
    List<String> domains,
    List<RouteEntry> routes,
    HeaderEdits edits,
    boolean attemptCountInRequest,
    boolean attemptCountInResponse) {

  public HostRoutes {
    domains = List.copyOf(domains);
    routes = List.copyOf(routes);
  }
}
