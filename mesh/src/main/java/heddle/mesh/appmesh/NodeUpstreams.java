package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.mesh.input.KubernetesService;
import heddle.mesh.model.PodSource;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.Upstream;
import heddle.resource.LabelSelector;
import heddle.resource.appmesh.HealthCheck;
import heddle.resource.appmesh.Mesh;
import heddle.resource.appmesh.OutlierDetection;
import heddle.resource.appmesh.Protocol;
import heddle.resource.appmesh.ServiceDiscovery;
import heddle.resource.appmesh.VirtualNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How clients reach a listener of a virtual node. */
final class NodeUpstreams {

  private static final Duration EGRESS_CONNECT = Duration.ofSeconds(1);

  private final MeshIndex index;
  private final Reuse reuse;

  NodeUpstreams(MeshIndex index, Reuse reuse) {
    this.index = index;
    this.reuse = reuse;
  }

  /** Works out those of all nodes that can be reached. */
  void resolveAll() {
    for (VirtualNode node : index.members(VirtualNode.class)) {
      if (node.discovery() != null) {
        List<Upstream> unused = of(node);
      }
    }
  }

  /** The upstreams of a node's listeners, in their order; the same objects for every client. */
  List<Upstream> of(VirtualNode node) {
    return reuse.result(
        Question.Aspect.UPSTREAMS,
        node,
        () -> IntStream.range(0, node.listeners().size()).mapToObj(i -> of(node, i)).toList());
  }

  private Upstream of(VirtualNode node, int position) {
    Mesh mesh = Objects.requireNonNull(index.meshOf(node));
    VirtualNode.Listener listener = node.listeners().get(position);
    int port = listener.portMapping().port();
    Protocol protocol = listener.portMapping().protocol();
    FieldPath path = node.path().field("spec").field("listeners").index(position);
    return new Upstream(
        Names.egressCluster(mesh, node, protocol, port),
        discovery(node, port),
        EGRESS_CONNECT,
        protocol.isHttp2(),
        outlier(listener.outlierDetection()),
        probe(listener.healthCheck(), node, port),
        Upstream.Limits.none(),
        Provenance.of(node.key(), path));
  }

  private Upstream.Discovery discovery(VirtualNode node, int port) {
    return switch (Objects.requireNonNull(node.discovery())) {
      case ServiceDiscovery.CloudMap map ->
          new Upstream.Discovery.Pods(
              new PodSource(instances(map), new PodSource.Port.Fixed(port)));
      case ServiceDiscovery.Dns dns -> dns(node, dns, port);
    };
  }

  /**
   * A name of this cluster's own is answered with its ready pods instead of the one service
   * address, so that a retry finds another pod and a pod that stops leaves in time.
   */
  private Upstream.Discovery dns(VirtualNode node, ServiceDiscovery.Dns dns, int port) {
    Optional<KubernetesService> service = service(node, dns.hostname());
    if (service.isPresent() && service.get().selectsPods()) {
      KubernetesService found = service.get();
      List<LabelSelector> selectors = new ArrayList<>();
      selectors.add(new LabelSelector(found.selector(), List.of()));
      if (node.podSelector() != null && found.namespace().equals(node.meta().namespace())) {
        selectors.add(node.podSelector());
      }
      return new Upstream.Discovery.Pods(
          new PodSource(
              List.of(new PodSource.Group(found.namespace(), selectors)), targetPort(found, port)));
    }
    String host = absolute(dns.hostname());
    boolean ipv4Only =
        "IPv4_ONLY".equals(Objects.requireNonNull(index.meshOf(node)).ipPreference());
    return dns.allEndpoints()
        ? new Upstream.Discovery.EveryAddress(host, port, ipv4Only)
        : new Upstream.Discovery.OneName(host, port, ipv4Only);
  }

  private static PodSource.Port targetPort(KubernetesService service, int port) {
    if (!service.headless()) {
      for (KubernetesService.Port candidate : service.ports()) {
        if (candidate.port() == port) {
          String target = candidate.targetPort();
          return target.matches("[0-9]+")
              ? new PodSource.Port.Fixed(Integer.parseInt(target))
              : new PodSource.Port.Named(target);
        }
      }
    }
    return new PodSource.Port.Fixed(port);
  }

  /** The service of this cluster that a host name means, searched as a pod's resolver does. */
  private Optional<KubernetesService> service(VirtualNode node, String hostname) {
    String name = hostname.endsWith(".") ? hostname.substring(0, hostname.length() - 1) : hostname;
    for (String suffix : List.of(".svc.cluster.local", ".svc")) {
      if (name.endsWith(suffix)) {
        name = name.substring(0, name.length() - suffix.length());
        break;
      }
    }
    String[] labels = name.split("\\.", -1);
    return switch (labels.length) {
      case 1 -> index.service(node.meta().namespace(), labels[0]);
      case 2 -> index.service(labels[1], labels[0]);
      default -> Optional.empty();
    };
  }

  /** Whether a host name is one of this cluster's services, selecting or not. */
  boolean isService(VirtualNode node, String hostname) {
    return service(node, hostname).isPresent();
  }

  private static String absolute(String hostname) {
    return hostname.endsWith(".") || !hostname.contains(".") ? hostname : hostname + ".";
  }

  /**
   * Cloud Map's instances of a service: the pods of every node that registers there, filtered by
   * the attributes asked for. An instance has its pod's labels, its node's attributes and a few of
   * the controller's own.
   */
  private List<PodSource.Group> instances(ServiceDiscovery.CloudMap wanted) {
    List<PodSource.Group> groups = new ArrayList<>();
    for (VirtualNode node : index.registered(wanted)) {
      if (node.podSelector() == null
          || !(node.discovery() instanceof ServiceDiscovery.CloudMap map)) {
        continue;
      }
      Map<String, String> fixed = new LinkedHashMap<>(map.attributes());
      fixed.put("k8s.io/namespace", node.meta().namespace());
      fixed.put("appmesh.k8s.aws/mesh", Objects.requireNonNull(index.meshOf(node)).awsName());
      fixed.put("appmesh.k8s.aws/virtualNode", node.meta().name() + "_" + node.meta().namespace());
      instancesOf(node, node.podSelector(), fixed, wanted.attributes()).ifPresent(groups::add);
    }
    return groups;
  }

  private static Optional<PodSource.Group> instancesOf(
      VirtualNode node, LabelSelector pods, Map<String, String> fixed, Map<String, String> wanted) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (Map.Entry<String, String> attribute : wanted.entrySet()) {
      String known = fixed.get(attribute.getKey());
      if (known == null) {
        labels.put(attribute.getKey(), attribute.getValue());
      } else if (!known.equals(attribute.getValue())) {
        return Optional.empty();
      }
    }
    List<LabelSelector> selectors = new ArrayList<>();
    selectors.add(pods);
    if (!labels.isEmpty()) {
      selectors.add(new LabelSelector(labels, List.of()));
    }
    return Optional.of(new PodSource.Group(node.meta().namespace(), selectors));
  }

  private static Upstream.@Nullable Outlier outlier(@Nullable OutlierDetection detection) {
    return detection == null
        ? null
        : new Upstream.Outlier(
            detection.maxServerErrors(),
            detection.interval(),
            detection.baseEjectionDuration(),
            detection.maxEjectionPercent());
  }

  private static Upstream.@Nullable HealthProbe probe(
      @Nullable HealthCheck check, VirtualNode node, int port) {
    if (check == null) {
      return null;
    }
    String path = check.path() == null ? "/" : check.path();
    Upstream.HealthProbe.Kind kind =
        switch (check.protocol()) {
          case HTTP -> new Upstream.HealthProbe.Kind.Http(host(node, port), path, false);
          case HTTP2 -> new Upstream.HealthProbe.Kind.Http(host(node, port), path, true);
          case GRPC -> new Upstream.HealthProbe.Kind.Grpc();
          case TCP -> new Upstream.HealthProbe.Kind.Connect();
        };
    return new Upstream.HealthProbe(
        kind,
        check.interval(),
        check.timeout(),
        check.healthyThreshold(),
        check.unhealthyThreshold());
  }

  /** The name under which the node is discovered, with the port: the Host of health checks. */
  private static String host(VirtualNode node, int port) {
    String name =
        switch (Objects.requireNonNull(node.discovery())) {
          case ServiceDiscovery.Dns dns -> dns.hostname();
          case ServiceDiscovery.CloudMap map -> map.serviceName() + "." + map.namespaceName();
        };
    return name + ":" + port;
  }
}
