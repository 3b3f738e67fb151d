package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.ProxyListener;
import heddle.mesh.model.ProxyListener.Chain;
import heddle.mesh.model.ProxyListener.ChainMatch;
import heddle.mesh.model.ProxyListener.Handler;
import heddle.mesh.model.ProxyNode;
import heddle.mesh.model.RequestLog;
import heddle.mesh.model.Rewrite;
import heddle.mesh.model.Route;
import heddle.mesh.model.RouteAction;
import heddle.mesh.model.RouteMatch;
import heddle.mesh.model.RouteTable;
import heddle.mesh.model.Share;
import heddle.mesh.model.Upstream;
import heddle.mesh.model.VirtualHost;
import heddle.resource.appmesh.ConnectionPool;
import heddle.resource.appmesh.Mesh;
import heddle.resource.appmesh.PortMapping;
import heddle.resource.appmesh.Timeouts;
import heddle.resource.appmesh.VirtualNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a virtual node's sidecars: what reaches the workload, and what it may call. */
final class SidecarBuilder {

  static final Duration LOCAL_CONNECT = Duration.ofMillis(250);

  private final MeshIndex index;
  private final ServiceResolver services;
  private final Backends backends;
  private final Findings findings;

  SidecarBuilder(MeshIndex index, ServiceResolver services, Backends backends, Findings findings) {
    this.index = index;
    this.services = services;
    this.backends = backends;
    this.findings = findings;
  }

  ProxyNode build(VirtualNode node) {
    Mesh mesh = Objects.requireNonNull(index.meshOf(node));
    RequestLog log = Conversions.log(node.accessLog());
    EgressBuilder egress = new EgressBuilder(mesh, node, findings, log);
    for (Backends.Backend backend : backends.of(node)) {
      egress.add(services.resolve(backend.service()), backend.path());
    }
    List<ProxyListener> listeners = new ArrayList<>();
    List<RouteTable> tables = new ArrayList<>();
    List<Upstream> upstreams = new ArrayList<>();
    if (!node.listeners().isEmpty()) {
      listeners.add(ingress(mesh, node, log));
    }
    for (int i = 0; i < node.listeners().size(); i++) {
      upstreams.add(localUpstream(mesh, node, i));
      if (node.listeners().get(i).portMapping().protocol().isHttpFamily()) {
        tables.add(ingressRoutes(mesh, node, i));
      }
    }
    listeners.add(egress.listener());
    tables.addAll(egress.routeTables());
    upstreams.addAll(egress.upstreams());
    return new ProxyNode(
        Names.nodeId(mesh, node),
        node.key(),
        false,
        node.listeners().stream().map(listener -> listener.portMapping().port()).toList(),
        listeners,
        tables,
        upstreams);
  }

  private static Provenance listenerFrom(VirtualNode node, int position) {
    FieldPath path = node.path().field("spec").field("listeners").index(position);
    return Provenance.of(node.key(), path);
  }

  private static ProxyListener ingress(Mesh mesh, VirtualNode node, @Nullable RequestLog log) {
    List<Chain> chains = new ArrayList<>();
    for (int i = 0; i < node.listeners().size(); i++) {
      PortMapping mapping = node.listeners().get(i).portMapping();
      chains.add(
          new Chain(
              new ChainMatch(mapping.port(), false, List.of()),
              handler(mesh, node, i, log),
              listenerFrom(node, i)));
    }
    return new ProxyListener(
        Names.ingressListener(Names.INGRESS_PORT),
        "0.0.0.0",
        Names.INGRESS_PORT,
        ProxyListener.Direction.INBOUND,
        true,
        false,
        chains,
        Provenance.of(node.key(), node.path().fields("spec", "listeners")));
  }

  private static Handler handler(
      Mesh mesh, VirtualNode node, int position, @Nullable RequestLog log) {
    VirtualNode.Listener listener = node.listeners().get(position);
    PortMapping mapping = listener.portMapping();
    String stats = statPrefix(node.listeners().size(), mapping);
    if (mapping.protocol().isHttpFamily()) {
      return new Handler.Http(
          stats, Names.ingressRoutes(mapping.protocol(), mapping.port()), false, log);
    }
    String upstream = Names.ingressCluster(mesh, node, mapping.protocol(), mapping.port());
    Timeouts timeouts = listener.timeout();
    return new Handler.Tcp(
        stats,
        List.of(new Share(upstream, 1, listenerFrom(node, position))),
        Conversions.idle(timeouts == null ? null : timeouts.idle()),
        log);
  }

  static String statPrefix(int listeners, PortMapping mapping) {
    return listeners == 1
        ? "ingress"
        : "ingress." + mapping.protocol().word() + "." + mapping.port();
  }

  private static RouteTable ingressRoutes(Mesh mesh, VirtualNode node, int position) {
    VirtualNode.Listener listener = node.listeners().get(position);
    PortMapping mapping = listener.portMapping();
    Provenance from = listenerFrom(node, position);
    Timeouts timeouts = listener.timeout();
    String upstream = Names.ingressCluster(mesh, node, mapping.protocol(), mapping.port());
    RouteAction action =
        new RouteAction.Forward(
            List.of(new Share(upstream, 1, from)),
            Conversions.request(timeouts == null ? null : timeouts.perRequest()),
            Conversions.idle(timeouts == null ? null : timeouts.idle()),
            null,
            Rewrite.none());
    Route route = new Route("local", RouteMatch.everything(), action, from);
    return new RouteTable(
        Names.ingressRoutes(mapping.protocol(), mapping.port()),
        List.of(new VirtualHost("local", List.of("*"), List.of(route), from)),
        false);
  }

  private static Upstream localUpstream(Mesh mesh, VirtualNode node, int position) {
    VirtualNode.Listener listener = node.listeners().get(position);
    PortMapping mapping = listener.portMapping();
    return new Upstream(
        Names.ingressCluster(mesh, node, mapping.protocol(), mapping.port()),
        new Upstream.Discovery.Fixed("127.0.0.1", mapping.port()),
        LOCAL_CONNECT,
        mapping.protocol().isHttp2(),
        null,
        null,
        limits(listener.connectionPool()),
        listenerFrom(node, position));
  }

  static Upstream.Limits limits(@Nullable ConnectionPool pool) {
    return switch (pool) {
      case null -> Upstream.Limits.none();
      case ConnectionPool.Tcp(int connections) -> new Upstream.Limits(connections, null, null);
      case ConnectionPool.Http(int connections, Integer pending) ->
          new Upstream.Limits(connections, pending, null);
      case ConnectionPool.Streams(var ignored, int requests) ->
          new Upstream.Limits(null, null, requests);
    };
  }
}
