package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.Retry;
import heddle.mesh.model.Rewrite;
import heddle.mesh.model.RouteAction;
import heddle.mesh.model.RouteMatch;
import heddle.mesh.model.Share;
import heddle.mesh.model.Timeout;
import heddle.mesh.model.Upstream;
import heddle.resource.appmesh.PortMapping;
import heddle.resource.appmesh.Protocol;
import heddle.resource.appmesh.Route;
import heddle.resource.appmesh.Timeouts;
import heddle.resource.appmesh.VirtualNode;
import heddle.resource.appmesh.VirtualRouter;
import heddle.resource.appmesh.VirtualService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out what every virtual service means; each service and router is worked out once. */
final class ServiceResolver {

  private final MeshIndex index;
  private final Findings findings;
  private final Reuse reuse;
  private final NodeUpstreams upstreams;

  ServiceResolver(MeshIndex index, Findings findings, Reuse reuse) {
    this.index = index;
    this.findings = findings;
    this.reuse = reuse;
    this.upstreams = new NodeUpstreams(index, reuse);
  }

  /** Works out all routers and services, so that each gets its status. */
  void resolveAll() {
    upstreams.resolveAll();
    index.members(VirtualRouter.class).forEach(this::routerPorts);
    index.members(VirtualService.class).forEach(this::resolve);
  }

  ResolvedService resolve(VirtualService service) {
    return reuse.result(
        Question.Aspect.SERVICE, service, () -> new ResolvedService(service, ports(service)));
  }

  private List<ResolvedService.Port> ports(VirtualService service) {
    FieldPath path = service.path().fields("spec", "provider");
    return switch (service.provider()) {
      case null -> List.of();
      case VirtualService.Provider.Node(var reference) -> {
        FieldPath at = path.field("virtualNode");
        VirtualNode node = index.resolve(VirtualNode.class, "VirtualNode", reference, service, at);
        yield node == null ? List.of() : nodePorts(service, node, at);
      }
      case VirtualService.Provider.Router(var reference) -> {
        FieldPath at = path.field("virtualRouter");
        VirtualRouter router =
            index.resolve(VirtualRouter.class, "VirtualRouter", reference, service, at);
        if (router != null && reuse.failed(router)) {
          findings.pending(service, router.key() + " is not active yet");
        }
        yield router == null ? List.of() : routerPorts(router);
      }
    };
  }

  /** A node that provides a service by itself: all requests, default retries, default timeouts. */
  private List<ResolvedService.Port> nodePorts(
      VirtualService service, VirtualNode node, FieldPath path) {
    Provenance from = Provenance.of(service.key(), path);
    List<ResolvedService.Port> ports = new ArrayList<>();
    for (int i = 0; i < node.listeners().size(); i++) {
      PortMapping mapping = node.listeners().get(i).portMapping();
      Upstream upstream = upstreams.of(node).get(i);
      List<Share> all = List.of(new Share(upstream.name(), 1, from));
      List<heddle.mesh.model.Route> routes = List.of();
      if (mapping.protocol().isHttpFamily()) {
        RouteAction action =
            new RouteAction.Forward(
                all,
                Conversions.request(null),
                new Timeout.Default(),
                Conversions.defaultRetry(from),
                Rewrite.none());
        routes =
            List.of(new heddle.mesh.model.Route("default", RouteMatch.everything(), action, from));
      }
      ports.add(
          new ResolvedService.Port(
              mapping.port(),
              mapping.protocol(),
              routes,
              mapping.protocol().isHttpFamily() ? List.of() : all,
              new Timeout.Default(),
              List.of(upstream),
              from));
    }
    return ports;
  }

  private List<ResolvedService.Port> routerPorts(VirtualRouter router) {
    return reuse.result(Question.Aspect.PORTS, router, () -> workedOutPorts(router));
  }

  private List<ResolvedService.Port> workedOutPorts(VirtualRouter router) {
    List<RoutedRoute> routes = routes(router);
    List<ResolvedService.Port> ports = new ArrayList<>();
    for (int i = 0; i < router.listeners().size(); i++) {
      ports.add(port(router, i, routes));
    }
    return List.copyOf(ports);
  }

  /** A route whose targets have been found. */
  private record RoutedRoute(
      Route route, FieldPath path, List<Share> shares, List<Upstream> upstreams) {}

  private List<RoutedRoute> routes(VirtualRouter router) {
    List<RoutedRoute> routes = new ArrayList<>();
    for (int i = 0; i < router.routes().size(); i++) {
      FieldPath path = router.path().field("spec").field("routes").index(i);
      RoutedRoute route = route(router, router.routes().get(i), path);
      if (route != null) {
        routes.add(route);
      }
    }
    routes.sort(Comparator.comparing(routed -> RouteOrder.of(routed.route)));
    return routes;
  }

  private @Nullable RoutedRoute route(VirtualRouter router, Route route, FieldPath path) {
    FieldPath body = path.field(route.field());
    if (!Expressions.check(route.match(), router, body.field("match"), findings)) {
      return null;
    }
    Map<String, Share> shares = new LinkedHashMap<>();
    Map<String, Upstream> used = new LinkedHashMap<>();
    FieldPath targets = body.field("action").field("weightedTargets");
    for (int i = 0; i < route.targets().size(); i++) {
      Route.Target target = route.targets().get(i);
      Upstream upstream = target(router, route, target, targets.index(i));
      if (upstream != null) {
        Provenance from = Provenance.of(router.key(), targets.index(i));
        shares.merge(
            upstream.name(),
            new Share(upstream.name(), target.weight(), from),
            (a, b) -> new Share(a.upstream(), a.weight() + b.weight(), a.from()));
        used.put(upstream.name(), upstream);
      }
    }
    return new RoutedRoute(route, path, List.copyOf(shares.values()), List.copyOf(used.values()));
  }

  private @Nullable Upstream target(
      VirtualRouter router, Route route, Route.Target target, FieldPath path) {
    VirtualNode node = index.resolve(VirtualNode.class, "VirtualNode", target.node(), router, path);
    if (node == null) {
      return null;
    }
    List<VirtualNode.Listener> listeners = node.listeners();
    if (target.port() == null && listeners.size() > 1) {
      findings.fail(
          router,
          "Conflict",
          "target-port",
          path.field("port"),
          node.key() + " has several listeners (expected: the port of one of them)");
      return null;
    }
    for (int i = 0; i < listeners.size(); i++) {
      PortMapping mapping = listeners.get(i).portMapping();
      if (target.port() == null || target.port() == mapping.port()) {
        if (mapping.protocol() != route.protocol()) {
          findings.warn(
              router,
              "protocol-mismatch",
              path,
              node.key()
                  + " speaks "
                  + mapping.protocol().word()
                  + " on port "
                  + mapping.port()
                  + ", the route "
                  + route.protocol().word(),
              "give route and listener the same protocol; App Mesh left the outcome open");
        }
        return upstreams.of(node).get(i);
      }
    }
    FieldPath at = target.port() == null ? path : path.field("port");
    findings.fail(
        router,
        "ReferenceNotFound",
        "target-port",
        at,
        node.key() + " has no listener" + (target.port() == null ? "" : " on " + target.port()));
    return null;
  }

  private ResolvedService.Port port(VirtualRouter router, int position, List<RoutedRoute> routes) {
    PortMapping listener = router.listeners().get(position);
    FieldPath path = router.path().field("spec").field("listeners").index(position);
    Provenance from = Provenance.of(router.key(), path);
    List<heddle.mesh.model.Route> http = new ArrayList<>();
    RoutedRoute tcp = null;
    Map<String, Upstream> used = new LinkedHashMap<>();
    for (RoutedRoute routed : routes) {
      Integer port = routed.route.match().port();
      boolean here = port == null || port == listener.port();
      boolean isTcp = routed.route.protocol() == Protocol.TCP;
      if (!here || isTcp == listener.protocol().isHttpFamily()) {
        continue;
      }
      if (tcp != null) {
        unreachable(router, routed, tcp, listener.port());
        continue;
      }
      routed.upstreams.forEach(upstream -> used.put(upstream.name(), upstream));
      if (isTcp) {
        tcp = routed;
      } else {
        http.add(httpRoute(router, routed));
      }
    }
    return new ResolvedService.Port(
        listener.port(),
        listener.protocol(),
        http,
        tcp == null ? List.of() : tcpShares(router, tcp),
        idle(tcp),
        List.copyOf(used.values()),
        from);
  }

  private static Timeout idle(@Nullable RoutedRoute routed) {
    Timeouts timeouts = routed == null ? null : routed.route.timeout();
    return Conversions.idle(timeouts == null ? null : timeouts.idle());
  }

  /** TCP has nothing to match but the port, so the first route takes everything. */
  private void unreachable(VirtualRouter router, RoutedRoute routed, RoutedRoute first, int port) {
    findings.warn(
        router,
        "unreachable",
        routed.path,
        "route "
            + routed.route.name()
            + " is never taken: route "
            + first.route.name()
            + " takes every connection to port "
            + port,
        "delete one of the two, or give it a port and a listener of its own");
  }

  private List<Share> tcpShares(VirtualRouter router, RoutedRoute routed) {
    if (routed.shares.stream().mapToInt(Share::weight).sum() == 0) {
      noWeight(router, routed.path.field(routed.route.field()), "connections get no target");
    }
    return routed.shares;
  }

  private void noWeight(VirtualRouter router, FieldPath body, String effect) {
    findings.warn(
        router,
        "no-weight",
        body.field("action").field("weightedTargets"),
        "no target that exists has a weight: " + effect,
        "give at least one target a weight above 0");
  }

  private heddle.mesh.model.Route httpRoute(VirtualRouter router, RoutedRoute routed) {
    Route route = routed.route;
    FieldPath body = routed.path.field(route.field());
    Provenance from = Provenance.of(router.key(), routed.path);
    return new heddle.mesh.model.Route(
        route.name(), Conversions.match(route.match()), action(router, routed, body, from), from);
  }

  private RouteAction action(
      VirtualRouter router, RoutedRoute routed, FieldPath body, Provenance from) {
    if (routed.shares.stream().mapToInt(Share::weight).sum() == 0) {
      noWeight(router, body, "requests of this route get 503");
      return new RouteAction.Respond(503);
    }
    Route route = routed.route;
    Timeouts timeouts = route.timeout();
    Retry retry =
        route.retryPolicy() == null
            ? Conversions.defaultRetry(from)
            : Conversions.retry(
                route.retryPolicy(), Provenance.of(router.key(), body.field("retryPolicy")));
    return new RouteAction.Forward(
        routed.shares,
        Conversions.request(timeouts == null ? null : timeouts.perRequest()),
        Conversions.idle(timeouts == null ? null : timeouts.idle()),
        retry,
        Rewrite.none());
  }
}
