package heddle.mesh;

import heddle.manifest.ManifestReader;
import heddle.mesh.input.KubernetesService;
import heddle.mesh.input.MeshInput;
import heddle.mesh.input.Pod;
import heddle.resource.Decoded;
import heddle.resource.Resource;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.AppMeshCodec;
import heddle.resource.appmesh.Mesh;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A small mesh that changes one object at a time: references that lead somewhere and references
 * that do not, conflicts, things that are refused, other meshes. Objects that do not change stay
 * the same objects.
 */
final class RandomMesh {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
  private static final List<String> NAMESPACES = List.of("north", "south");

  private final AppMeshCodec codec = new AppMeshCodec();
  private final RandomGenerator random;
  private final Map<String, Resource> resources = new TreeMap<>();
  private final Map<String, Map<String, String>> namespaces = new TreeMap<>();
  private final Map<String, KubernetesService> services = new TreeMap<>();
  private final Map<String, Pod> pods = new TreeMap<>();
  private ResourceKey invalid = new ResourceKey("VirtualNode", "north", "f");

  RandomMesh(RandomGenerator random) {
    this.random = random;
    NAMESPACES.forEach(namespace -> namespaces.put(namespace, Map.of("mesh", "one")));
    put(mesh("one"));
    for (int i = 0; i < 60; i++) {
      change();
    }
  }

  MeshInput input() {
    return new MeshInput(
        List.copyOf(resources.values()),
        namespaces,
        List.copyOf(services.values()),
        Set.of(invalid));
  }

  List<Pod> pods() {
    return List.copyOf(pods.values());
  }

  /** Changes something; says what. */
  String change() {
    String namespace = one(NAMESPACES);
    String name = one(NAMES);
    return switch (random.nextInt(20)) {
      case 0 -> put(mesh(one(List.of("one", "one", "one", "one", "one", "two"))));
      case 1, 2, 3, 4 -> put(node(namespace, name));
      case 5, 6, 7 -> put(router(namespace, name));
      case 8, 9 -> put(service(namespace, name));
      case 10 -> put(gateway(namespace));
      case 11 -> put(gatewayRoute(namespace, name));
      case 12 -> put(group(namespace));
      case 13, 14 -> kubernetesService(namespace, name);
      case 15, 16 -> pod(namespace, name);
      case 17 -> label(namespace);
      case 18 -> {
        invalid = new ResourceKey(one(List.of("VirtualNode", "VirtualRouter")), namespace, name);
        yield "invalid: " + invalid;
      }
      default -> remove();
    };
  }

  private String remove() {
    String key = one(new ArrayList<>(resources.keySet()));
    if (resources.get(key) instanceof Mesh) {
      return put(mesh("one"));
    }
    resources.remove(key);
    return "without " + key;
  }

  /** What is not valid is left out, and what was there stays. */
  private String put(String manifest) {
    var document = new ManifestReader().read("mesh.yaml", manifest).getFirst();
    switch (codec.decode(document)) {
      case Decoded.Typed typed ->
          resources.put(typed.resource().key().toString(), typed.resource());
      case Decoded.Invalid wrong -> {}
      case Decoded.Untyped untyped -> throw new IllegalStateException("of no kind: " + manifest);
    }
    return manifest;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private boolean rarely() {
    return random.nextInt(12) == 0;
  }

  private int port() {
    return one(List.of(8080, 8080, 8080, 9090));
  }

  private static String meta(String kind, String namespace, String name) {
    return "apiVersion: appmesh.k8s.aws/v1beta2\nkind: %s\nmetadata: {name: %s%s}\n"
        .formatted(kind, name, namespace.isEmpty() ? "" : ", namespace: " + namespace);
  }

  private String mesh(String name) {
    return meta("Mesh", "", name)
        + "spec: {namespaceSelector: {matchLabels: {mesh: %s}}, egressFilter: {type: %s}%s}"
            .formatted(
                name,
                one(List.of("DROP_ALL", "ALLOW_ALL")),
                rarely() ? ", meshServiceDiscovery: {ipPreference: IPv6_ONLY}" : "");
  }

  private String node(String namespace, String name) {
    String protocol = one(List.of("http", "http", "http", "tcp", "grpc"));
    String tls =
        rarely()
            ? ", tls: {mode: STRICT, certificate: {file: {certificateChain: c, privateKey: k}}}"
            : "";
    String discovery =
        one(
            List.of(
                "dns: {hostname: %s.%s.svc.cluster.local}".formatted(one(NAMES), namespace),
                "dns: {hostname: elsewhere.example}",
                "awsCloudMap: {namespaceName: pvt, serviceName: %s}".formatted(one(NAMES)),
                "awsCloudMap: {namespaceName: pvt, serviceName: a, attributes: [{key: v, value: %s}]}"
                    .formatted(one(List.of("'1'", "'2'")))));
    return meta("VirtualNode", namespace, name)
        + "spec:\n  podSelector: {matchLabels: {app: %s}}\n".formatted(one(NAMES))
        + "  listeners: [{portMapping: {port: %d, protocol: %s}%s}]\n"
            .formatted(port(), protocol, tls)
        + "  serviceDiscovery: {%s}\n".formatted(discovery)
        + "  backends: [%s, %s]\n".formatted(backend(), backend())
        + (rarely()
            ? "  backendGroups: [{name: %s, namespace: north}]\n"
                .formatted(one(List.of("'*'", "group")))
            : "");
  }

  private String backend() {
    return rarely()
        ? "{virtualService: {virtualServiceARN: 'arn:aws:appmesh:us-west-2:000000000000:mesh/one/"
            + "virtualService/a.north'}}"
        : "{virtualService: {virtualServiceRef: {name: %s, namespace: %s}}}"
            .formatted(one(NAMES), one(NAMESPACES));
  }

  private String router(String namespace, String name) {
    boolean tcp = rarely();
    return meta("VirtualRouter", namespace, name)
        + "spec:\n  listeners: [{portMapping: {port: %d, protocol: %s}}]\n"
            .formatted(port(), tcp ? "tcp" : "http")
        + "  routes:\n"
        + "    - {name: r, %s: {%saction: {weightedTargets: [%s, %s]}}}\n"
            .formatted(
                tcp ? "tcpRoute" : "httpRoute",
                tcp ? "" : "match: {prefix: %s}, ".formatted(one(List.of("/", "/x"))),
                target(),
                target());
  }

  private String target() {
    return "{virtualNodeRef: {name: %s}, weight: %d}".formatted(one(NAMES), random.nextInt(3));
  }

  private String service(String namespace, String name) {
    String provider =
        random.nextBoolean()
            ? "virtualRouter: {virtualRouterRef: {name: %s}}".formatted(one(NAMES))
            : "virtualNode: {virtualNodeRef: {name: %s}}".formatted(one(NAMES));
    return meta("VirtualService", namespace, name)
        + "spec: {%sprovider: {%s}}"
            .formatted(
                rarely() ? "awsName: shared.name, " : "awsName: %s.%s, ".formatted(name, namespace),
                provider);
  }

  private String gateway(String namespace) {
    return meta("VirtualGateway", namespace, "edge")
        + "spec:\n  namespaceSelector: {matchLabels: {mesh: one}}\n"
        + "  podSelector: {matchLabels: {app: %s}}\n".formatted(one(NAMES))
        + "  listeners: [{portMapping: {port: %d, protocol: http}}]".formatted(port());
  }

  private String gatewayRoute(String namespace, String name) {
    return meta("GatewayRoute", namespace, name)
        + "spec: {httpRoute: {match: {prefix: /%s}, action: {target: {virtualService:"
            .formatted(name)
        + " {virtualServiceRef: {name: %s}}}}}}".formatted(one(NAMES));
  }

  private String group(String namespace) {
    return meta("BackendGroup", namespace, "group")
        + "spec: {virtualservices: [{name: %s}, {name: %s, namespace: north}]}"
            .formatted(one(NAMES), one(NAMES));
  }

  private String kubernetesService(String namespace, String name) {
    if (rarely()) {
      services.remove(namespace + "/" + name);
    } else {
      services.put(
          namespace + "/" + name,
          new KubernetesService(
              namespace,
              name,
              rarely() ? Map.of() : Map.of("app", one(NAMES)),
              List.of(new KubernetesService.Port(8080, one(List.of("8080", "http")))),
              rarely(),
              ""));
    }
    return "service " + namespace + "/" + name;
  }

  private String pod(String namespace, String name) {
    String pod = namespace + "/" + name + random.nextInt(3);
    if (rarely()) {
      pods.remove(pod);
    } else {
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put("app", name);
      labels.put("v", one(List.of("1", "2")));
      pods.put(
          pod,
          new Pod(
              namespace,
              pod.substring(pod.indexOf('/') + 1),
              "10.0.0." + random.nextInt(20),
              labels,
              random.nextBoolean() ? Map.of("http", 8081) : Map.of(),
              random.nextInt(4) > 0));
    }
    return "pod " + pod;
  }

  private String label(String namespace) {
    namespaces.put(namespace, Map.of("mesh", rarely() ? one(List.of("two", "none")) : "one"));
    return "labels of " + namespace;
  }
}
