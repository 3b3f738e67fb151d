package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.Rewrite;
import heddle.mesh.model.Route;
import heddle.mesh.model.RouteAction;
import heddle.mesh.model.RouteMatch;
import heddle.mesh.model.RouteTable;
import heddle.mesh.model.Share;
import heddle.mesh.model.Timeout;
import heddle.mesh.model.Upstream;
import heddle.mesh.model.VirtualHost;
import heddle.resource.appmesh.GatewayRoute;
import heddle.resource.appmesh.Mesh;
import heddle.resource.appmesh.PathMatch;
import heddle.resource.appmesh.PortMapping;
import heddle.resource.appmesh.Protocol;
import heddle.resource.appmesh.VirtualGateway;
import heddle.resource.appmesh.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A gateway's first hop: from the Host and path that a client used to a virtual service. */
final class FirstHop {

  private final MeshIndex index;
  private final ServiceResolver services;
  private final Findings findings;

  FirstHop(MeshIndex index, ServiceResolver services, Findings findings) {
    this.index = index;
    this.services = services;
    this.findings = findings;
  }

  /**
   * A gateway route and what its target means.
   *
   * @param port the service's port that is called; null when nobody provides the service
   * @param amongOthers whether the gateway calls other ports of the service too
   */
  record Target(
      GatewayRoute route,
      ResolvedService service,
      ResolvedService.@Nullable Port port,
      boolean amongOthers) {

    /** The second hop's. */
    List<Route> routes() {
      return port == null ? List.of() : port.routes();
    }

    /** What the second hop sends to. */
    List<Upstream> upstreams() {
      return port == null ? List.of() : port.upstreams();
    }

    /** What stands for the target where the Host does not say it all. */
    String token() {
      String name = service.service().awsName();
      return port == null || !amongOthers ? name : name + ":" + port.number();
    }

    private Target among(List<Target> all) {
      boolean several =
          all.stream()
              .filter(other -> other.service.equals(service))
              .anyMatch(other -> !Objects.equals(other.port, port));
      return new Target(route, service, port, several);
    }
  }

  /** The gateway's routes that can take effect, in the order of matching. */
  List<Target> targets(VirtualGateway gateway, List<GatewayRoute> attached) {
    List<Target> targets = new ArrayList<>();
    for (GatewayRoute route : attached) {
      if (hasListener(gateway, route)) {
        Target target = target(route);
        if (target != null) {
          targets.add(target);
        }
      }
    }
    targets.sort(
        Comparator.comparing((Target target) -> order(target.route))
            .thenComparing(target -> target.route.key().toString()));
    return targets.stream().map(target -> target.among(targets)).toList();
  }

  private static RouteOrder order(GatewayRoute route) {
    GatewayRoute.Match match = route.match();
    int conditions =
        match.headers().size() + match.query().size() + (match.method() == null ? 0 : 1);
    PathMatch path =
        route.protocol() == Protocol.GRPC
            ? new PathMatch.Prefix(RouteOrder.grpcPath(match.serviceName(), null))
            : match.path();
    return RouteOrder.of(route.priority(), path, conditions);
  }

  private boolean hasListener(VirtualGateway gateway, GatewayRoute route) {
    FieldPath path = route.path().field("spec").field(route.field());
    Integer port = route.match().port();
    List<PortMapping> listeners =
        gateway.listeners().stream()
            .map(VirtualGateway.Listener::portMapping)
            .filter(mapping -> port == null || port == mapping.port())
            .toList();
    if (listeners.isEmpty()) {
      findings.fail(
          route,
          "ReferenceNotFound",
          "no-listener",
          port == null ? path : path.field("match").field("port"),
          gateway.key() + " has no listener" + (port == null ? "" : " on port " + port));
      return false;
    }
    if (listeners.stream().noneMatch(mapping -> mapping.protocol() == route.protocol())) {
      findings.fail(
          route,
          "Conflict",
          "protocol-mismatch",
          path,
          route.protocol().word()
              + " (expected: "
              + listeners.getFirst().protocol().word()
              + ", the protocol of "
              + gateway.key()
              + "'s listener)");
      return false;
    }
    FieldPath match = path.field("match");
    boolean good = Expressions.path(route.match().path(), route, match, findings);
    return Expressions.headers(route.match().headers(), route, match.field("headers"), findings)
        && good;
  }

  private @Nullable Target target(GatewayRoute route) {
    FieldPath path = route.path().field("spec").field(route.field()).fields("action", "target");
    VirtualService service =
        index.resolve(
            VirtualService.class,
            "VirtualService",
            route.target(),
            route,
            path.field("virtualService"));
    if (service == null) {
      return null;
    }
    if (findings.failed(service)) {
      findings.pending(route, service.key() + " is not active yet");
    }
    ResolvedService resolved = services.resolve(service);
    List<ResolvedService.Port> ports =
        resolved.ports().stream()
            .filter(port -> port.protocol().isHttpFamily())
            .filter(port -> route.targetPort() == null || route.targetPort() == port.number())
            .toList();
    if (ports.isEmpty() && !resolved.ports().isEmpty()) {
      findings.fail(
          route,
          "ReferenceNotFound",
          "target-port",
          path.field("port"),
          service.key()
              + " has no HTTP port"
              + (route.targetPort() == null ? "" : " " + route.targetPort()));
      return null;
    }
    if (ports.size() > 1) {
      findings.fail(
          route,
          "Conflict",
          "target-port",
          path.field("port"),
          service.key() + " has several ports (expected: one of them)");
      return null;
    }
    return new Target(route, resolved, ports.isEmpty() ? null : ports.getFirst(), false);
  }

  /** The route table of one of the gateway's listeners. */
  RouteTable table(Mesh mesh, VirtualGateway gateway, int position, List<Target> targets) {
    PortMapping mapping = gateway.listeners().get(position).portMapping();
    String upstream = Names.selfRedirect(mesh, gateway, mapping.protocol(), mapping.port());
    Provenance from = Provenance.of(gateway.key(), GatewayBuilder.from(gateway, position));
    Map<String, List<Route>> hosts = new LinkedHashMap<>();
    Map<String, Provenance> origins = new LinkedHashMap<>();
    for (Target target : targets) {
      GatewayRoute.Match match = target.route.match();
      boolean here =
          target.route.protocol() == mapping.protocol()
              && (match.port() == null || match.port() == mapping.port());
      if (here) {
        String domain = domain(match.hostname());
        origins.putIfAbsent(domain, hostOrigin(target.route, from));
        hosts.computeIfAbsent(domain, d -> new ArrayList<>()).addAll(routes(target, upstream));
      }
    }
    List<VirtualHost> virtualHosts = new ArrayList<>();
    hosts.forEach(
        (domain, routes) ->
            virtualHosts.add(
                new VirtualHost(
                    domain.equals("*") ? "self_redirect" : domain,
                    List.of(domain),
                    routes,
                    origins.getOrDefault(domain, from))));
    boolean named = hosts.keySet().stream().anyMatch(domain -> !domain.equals("*"));
    return new RouteTable(
        Names.ingressRoutes(mapping.protocol(), mapping.port()), virtualHosts, named);
  }

  private static Provenance hostOrigin(GatewayRoute route, Provenance gateway) {
    FieldPath path = route.path().field("spec").field(route.field()).field("match");
    return route.match().hostname() == null
        ? gateway
        : Provenance.of(route.key(), path.field("hostname"));
  }

  private static String domain(GatewayRoute.@Nullable Hostname hostname) {
    return switch (hostname) {
      case null -> "*";
      case GatewayRoute.Hostname.Exact(String name) -> name.toLowerCase(Locale.ROOT);
      case GatewayRoute.Hostname.Suffix(String suffix) ->
          "*" + (suffix.startsWith("*") ? suffix.substring(1) : suffix).toLowerCase(Locale.ROOT);
    };
  }

  private static List<Route> routes(Target target, String upstream) {
    GatewayRoute route = target.route;
    Provenance from = Provenance.of(route.key(), route.path().field("spec").field(route.field()));
    List<Route> routes = new ArrayList<>();
    for (RewrittenPath path : RewrittenPath.of(route)) {
      RouteMatch match =
          new RouteMatch(
              path.match(),
              Conversions.headers(route.match().headers(), route.match().method(), null),
              Conversions.query(route.match().query()),
              route.protocol() == Protocol.GRPC);
      String service = target.service.service().awsName();
      Rewrite rewrite =
          new Rewrite(
              path.matched(),
              path.whole(),
              route.rewrite().hostname() ? service : null,
              route.rewrite().hostname() && !target.amongOthers
                  ? null
                  : new Rewrite.AddedHeader(GatewayBuilder.SERVICE_HEADER, target.token()));
      RouteAction action =
          new RouteAction.Forward(
              List.of(new Share(upstream, 1, from)),
              longest(target.routes(), true),
              longest(target.routes(), false),
              null,
              rewrite);
      routes.add(new Route(route.meta().name(), match, action, from));
    }
    return routes;
  }

  /** The first hop must not give up before any route of the second does. */
  private static Timeout longest(List<Route> routes, boolean request) {
    Timeout longest = request ? Conversions.request(null) : new Timeout.Default();
    boolean first = true;
    for (Route route : routes) {
      if (route.action() instanceof RouteAction.Forward forward) {
        Timeout candidate = request ? forward.request() : forward.idle();
        longest = first ? candidate : longer(longest, candidate);
        first = false;
      }
    }
    return longest;
  }

  private static Timeout longer(Timeout a, Timeout b) {
    return millis(a) >= millis(b) ? a : b;
  }

  private static long millis(Timeout timeout) {
    return switch (timeout) {
      case Timeout.Disabled ignored -> Long.MAX_VALUE;
      case Timeout.Default ignored -> Duration.ofMinutes(5).toMillis();
      case Timeout.After(Duration duration) -> duration.toMillis();
    };
  }
}
