package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.ProxyListener;
import heddle.mesh.model.ProxyListener.Chain;
import heddle.mesh.model.ProxyListener.ChainMatch;
import heddle.mesh.model.ProxyListener.Handler;
import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.RequestLog;
import heddle.mesh.model.Route;
import heddle.mesh.model.RouteMatch;
import heddle.mesh.model.RouteTable;
import heddle.mesh.model.Upstream;
import heddle.mesh.model.VirtualHost;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.Mesh;
import heddle.resource.appmesh.PortMapping;
import heddle.resource.appmesh.VirtualGateway;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a gateway. A request passes it twice: the first hop picks the service, rewrites, and sends
 * to the gateway's own outbound listener; the second is what a sidecar does for a backend.
 */
final class GatewayBuilder {

  /**
   * How the first hop tells the second the service when the Host is kept, and which of its ports
   * when several are called.
   */
  static final String SERVICE_HEADER = "x-app-mesh-virtual-service";

  private final MeshIndex index;
  private final GatewayRoutes routes;
  private final FirstHop firstHop;
  private final Findings findings;

  GatewayBuilder(
      MeshIndex index, ServiceResolver services, GatewayRoutes routes, Findings findings) {
    this.index = index;
    this.routes = routes;
    this.firstHop = new FirstHop(index, services, findings);
    this.findings = findings;
  }

  ProxyNode build(VirtualGateway gateway) {
    Mesh mesh = Objects.requireNonNull(index.meshOf(gateway));
    RequestLog log = Conversions.log(gateway.accessLog());
    List<FirstHop.Target> targets = firstHop.targets(gateway, routes.of(gateway));
    List<ProxyListener> listeners = new ArrayList<>();
    List<RouteTable> tables = new ArrayList<>();
    List<Upstream> upstreams = new ArrayList<>();
    for (int i = 0; i < gateway.listeners().size(); i++) {
      listeners.add(listener(gateway, i, log));
      tables.add(firstHop.table(mesh, gateway, i, targets));
      upstreams.add(selfRedirect(mesh, gateway, i));
      checkHealth(gateway, i);
    }
    EgressBuilder egress = secondHop(mesh, gateway, targets, log);
    listeners.add(egress.listener());
    tables.addAll(egress.routeTables());
    upstreams.addAll(egress.upstreams());
    return new ProxyNode(
        Names.nodeId(mesh, gateway),
        gateway.key(),
        true,
        gateway.listeners().stream().map(l -> l.portMapping().port()).toList(),
        listeners,
        tables,
        upstreams);
  }

  private void checkHealth(VirtualGateway gateway, int position) {
    if (gateway.listeners().get(position).healthCheck() != null) {
      findings.note(
          gateway,
          "no-effect",
          from(gateway, position).field("healthCheck"),
          "nobody checks a gateway's health inside the mesh: the pod's readiness probe decides");
    }
  }

  static FieldPath from(VirtualGateway gateway, int position) {
    return gateway.path().field("spec").field("listeners").index(position);
  }

  private static ProxyListener listener(
      VirtualGateway gateway, int position, @Nullable RequestLog log) {
    PortMapping mapping = gateway.listeners().get(position).portMapping();
    Provenance from = Provenance.of(gateway.key(), from(gateway, position));
    Handler handler =
        new Handler.Http(
            SidecarBuilder.statPrefix(gateway.listeners().size(), mapping),
            Names.ingressRoutes(mapping.protocol(), mapping.port()),
            true,
            log);
    return new ProxyListener(
        Names.ingressListener(mapping.port()),
        "0.0.0.0",
        mapping.port(),
        ProxyListener.Direction.INBOUND,
        false,
        true,
        List.of(new Chain(new ChainMatch(mapping.port(), false, List.of()), handler, from)),
        from);
  }

  private static Upstream selfRedirect(Mesh mesh, VirtualGateway gateway, int position) {
    VirtualGateway.Listener listener = gateway.listeners().get(position);
    PortMapping mapping = listener.portMapping();
    return new Upstream(
        Names.selfRedirect(mesh, gateway, mapping.protocol(), mapping.port()),
        new Upstream.Discovery.Fixed("127.0.0.1", Names.EGRESS_PORT),
        SidecarBuilder.LOCAL_CONNECT,
        mapping.protocol().isHttp2(),
        null,
        null,
        SidecarBuilder.limits(listener.connectionPool()),
        Provenance.of(gateway.key(), from(gateway, position)));
  }

  private EgressBuilder secondHop(
      Mesh mesh, VirtualGateway gateway, List<FirstHop.Target> targets, @Nullable RequestLog log) {
    EgressBuilder egress = new EgressBuilder(mesh, gateway, findings, log);
    Map<ResourceKey, Map<String, FirstHop.Target>> byService = new LinkedHashMap<>();
    for (FirstHop.Target target : targets) {
      byService
          .computeIfAbsent(target.service().service().key(), key -> new LinkedHashMap<>())
          .putIfAbsent(target.token(), target);
    }
    Provenance from = Provenance.of(gateway.key(), gateway.path());
    for (Map<String, FirstHop.Target> ports : byService.values()) {
      List<Route> routes = new ArrayList<>();
      for (FirstHop.Target target : ports.values()) {
        routes.addAll(target.amongOthers() ? withHeader(target) : target.routes());
        egress.addUpstreams(target.upstreams());
      }
      ResolvedService service = ports.values().iterator().next().service();
      egress.addHost(
          Names.EGRESS_PORT, EgressBuilder.host(service, Names.EGRESS_PORT, routes), from);
    }
    List<Route> byHeader = byHeader(targets);
    if (!byHeader.isEmpty()) {
      egress.addHost(
          Names.EGRESS_PORT,
          new VirtualHost("default_backend", List.of("*"), byHeader, from),
          from);
    }
    return egress;
  }

  /** For routes that keep the Host: the header of the first hop stands for it. */
  private static List<Route> byHeader(List<FirstHop.Target> targets) {
    Map<String, Route> all = new LinkedHashMap<>();
    for (FirstHop.Target target : targets) {
      if (!target.route().rewrite().hostname()) {
        withHeader(target)
            .forEach(route -> all.putIfAbsent(target.token() + " " + route.name(), route));
      }
    }
    return List.copyOf(all.values());
  }

  /** The target's routes, for requests that the first hop has marked with it. */
  private static List<Route> withHeader(FirstHop.Target target) {
    RouteMatch.Header header =
        new RouteMatch.Header(SERVICE_HEADER, new RouteMatch.Value.Exact(target.token()), false);
    return target.routes().stream()
        .map(
            route ->
                new Route(route.name(), route.match().with(header), route.action(), route.from()))
        .toList();
  }
}
