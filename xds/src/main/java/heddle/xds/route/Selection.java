package heddle.xds.route;

/** The outcome of route selection. */
public sealed interface Selection {

  /** No virtual host claims the request's authority: 404, flag NR. */
  record NoVirtualHost() implements Selection {}

  /** The virtual host was chosen, and none of its routes matches; there is no fallback: 404, NR. */
  record NoRoute(HostRoutes host) implements Selection {}

  /** The first route of the virtual host whose every condition holds. */
  record Selected(HostRoutes host, RouteEntry route) implements Selection {}
}
