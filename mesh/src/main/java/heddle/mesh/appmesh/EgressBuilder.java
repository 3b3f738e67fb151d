package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.ProxyListener;
import heddle.mesh.model.ProxyListener.Chain;
import heddle.mesh.model.ProxyListener.ChainMatch;
import heddle.mesh.model.ProxyListener.Handler;
import heddle.mesh.model.RequestLog;
import heddle.mesh.model.Rewrite;
import heddle.mesh.model.Route;
import heddle.mesh.model.RouteAction;
import heddle.mesh.model.RouteMatch;
import heddle.mesh.model.RouteTable;
import heddle.mesh.model.Share;
import heddle.mesh.model.Timeout;
import heddle.mesh.model.Upstream;
import heddle.mesh.model.VirtualHost;
import heddle.resource.appmesh.AppMeshResource;
import heddle.resource.appmesh.Mesh;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lays out a proxy's outbound listener: per HTTP port one chain and one route table, per TCP port
 * one chain, AWS's own services, and under {@code ALLOW_ALL} everything else.
 */
final class EgressBuilder {

  private final Mesh mesh;
  private final AppMeshResource owner;
  private final Findings findings;
  private final @Nullable RequestLog log;
  private final Map<Integer, List<VirtualHost>> http = new TreeMap<>();
  private final Map<Integer, ResolvedService.Port> tcp = new TreeMap<>();
  private final Map<Integer, Provenance> httpFrom = new TreeMap<>();
  private final Map<String, Upstream> upstreams = new LinkedHashMap<>();

  EgressBuilder(Mesh mesh, AppMeshResource owner, Findings findings, @Nullable RequestLog log) {
    this.mesh = mesh;
    this.owner = owner;
    this.findings = findings;
    this.log = log;
  }

  /** Adds one service that the owner calls. */
  void add(ResolvedService service, FieldPath path) {
    for (ResolvedService.Port port : service.ports()) {
      if (port.protocol().isHttpFamily()) {
        addHttp(service, port, port.number(), path);
      } else {
        addTcp(port, path);
      }
    }
  }

  private void addHttp(
      ResolvedService service, ResolvedService.Port port, int number, FieldPath path) {
    if (tcp.containsKey(number)) {
      conflict(number, path);
      return;
    }
    addHost(number, host(service, number, port.routes()), Provenance.of(owner.key(), path));
    port.upstreams().forEach(upstream -> upstreams.put(upstream.name(), upstream));
  }

  /** A service's virtual host: its name, and its name with the port. */
  static VirtualHost host(ResolvedService service, int port, List<Route> routes) {
    String name = service.service().awsName().toLowerCase(Locale.ROOT);
    return new VirtualHost(
        service.service().awsName(),
        List.of(name, name + ":" + port),
        routes,
        Provenance.of(service.service().key(), service.service().path()));
  }

  void addHost(int port, VirtualHost host, Provenance from) {
    http.computeIfAbsent(port, p -> new ArrayList<>()).add(host);
    httpFrom.putIfAbsent(port, from);
  }

  void addUpstreams(List<Upstream> more) {
    more.forEach(upstream -> upstreams.put(upstream.name(), upstream));
  }

  private void addTcp(ResolvedService.Port port, FieldPath path) {
    if (http.containsKey(port.number()) || tcp.containsKey(port.number())) {
      conflict(port.number(), path);
      return;
    }
    if (port.tcp().stream().mapToInt(Share::weight).sum() > 0) {
      tcp.put(port.number(), port);
      addUpstreams(port.upstreams());
    }
  }

  private void conflict(int port, FieldPath path) {
    findings.fail(
        owner,
        "Conflict",
        "port-conflict",
        path,
        "port "
            + port
            + " is already that of another backend"
            + " (expected: one TCP backend, or any number of HTTP ones, per port)");
  }

  ProxyListener listener() {
    Provenance from = Provenance.of(owner.key(), owner.path());
    List<Chain> chains = new ArrayList<>();
    http.forEach(
        (port, hosts) ->
            chains.add(
                new Chain(
                    new ChainMatch(port, false, List.of()),
                    new Handler.Http("egress", Names.egressRoutes(port), true, log),
                    httpFrom.getOrDefault(port, from))));
    tcp.forEach(
        (port, service) ->
            chains.add(
                new Chain(
                    new ChainMatch(port, false, List.of()),
                    new Handler.Tcp("egress", service.tcp(), service.tcpIdle(), log),
                    service.from())));
    chains.add(toOriginal(443, List.of("*.amazonaws.com"), Names.amazon(mesh)));
    if (mesh.allowAllEgress()) {
      chains.add(toOriginal(null, List.of(), Names.passthrough(mesh)));
      chains.add(toOriginal(443, List.of(), Names.passthrough(mesh)));
    }
    return new ProxyListener(
        Names.egressListener(),
        "0.0.0.0",
        Names.EGRESS_PORT,
        ProxyListener.Direction.OUTBOUND,
        true,
        true,
        chains,
        from);
  }

  private Chain toOriginal(@Nullable Integer port, List<String> serverNames, String upstream) {
    Provenance from = egressFilter();
    return new Chain(
        new ChainMatch(port, true, serverNames),
        new Handler.Tcp(
            "egress", List.of(new Share(upstream, 1, from)), new Timeout.Default(), log),
        from);
  }

  private Provenance egressFilter() {
    return Provenance.of(mesh.key(), mesh.path().fields("spec", "egressFilter"));
  }

  List<RouteTable> routeTables() {
    List<RouteTable> tables = new ArrayList<>();
    http.forEach(
        (port, hosts) -> {
          List<VirtualHost> all = new ArrayList<>(hosts);
          boolean catchAll = hosts.stream().anyMatch(host -> host.domains().contains("*"));
          if (mesh.allowAllEgress() && !catchAll) {
            all.add(allowAll());
          }
          tables.add(new RouteTable(Names.egressRoutes(port), all, false));
        });
    return tables;
  }

  private VirtualHost allowAll() {
    Provenance from = egressFilter();
    RouteAction action =
        new RouteAction.Forward(
            List.of(new Share(Names.passthrough(mesh), 1, from)),
            Conversions.request(null),
            new Timeout.Default(),
            null,
            Rewrite.none());
    return new VirtualHost(
        "mesh_allow_all",
        List.of("*"),
        List.of(new Route("mesh_allow_all", RouteMatch.everything(), action, from)),
        from);
  }

  List<Upstream> upstreams() {
    List<Upstream> all = new ArrayList<>(upstreams.values());
    all.add(original(Names.amazon(mesh)));
    if (mesh.allowAllEgress()) {
      all.add(original(Names.passthrough(mesh)));
    }
    return all;
  }

  private Upstream original(String name) {
    return new Upstream(
        name,
        new Upstream.Discovery.OriginalDestination(),
        Duration.ofSeconds(1),
        false,
        null,
        null,
        Upstream.Limits.none(),
        egressFilter());
  }
}
