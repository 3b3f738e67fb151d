package heddle.mesh.input;

import heddle.manifest.Document;
import heddle.manifest.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads from core Kubernetes objects what the compiler needs of them. Tolerant: a member that is
 * missing or of the wrong type counts as absent, since the API server has already judged it.
 */
public final class KubernetesDocuments {

  private KubernetesDocuments() {}

  public static boolean isNamespace(Document document) {
    return document.apiVersion().equals("v1") && document.kind().equals("Namespace");
  }

  public static boolean isService(Document document) {
    return document.apiVersion().equals("v1") && document.kind().equals("Service");
  }

  public static boolean isPod(Document document) {
    return document.apiVersion().equals("v1") && document.kind().equals("Pod");
  }

  /** An object's labels. */
  public static Map<String, String> labels(Document document) {
    return strings(document.root().mapping("metadata"), "labels");
  }

  /** Reads a {@code v1 Service}. */
  public static KubernetesService service(Document document) {
    Node.Mapping spec = or(document.root().mapping("spec"), document);
    List<KubernetesService.Port> ports = new ArrayList<>();
    for (Node item : spec.items("ports")) {
      if (item instanceof Node.Mapping port && port.whole("port") != null) {
        int number = Math.toIntExact(port.whole("port"));
        ports.add(new KubernetesService.Port(number, target(port, number)));
      }
    }
    String external = spec.text("externalName");
    return new KubernetesService(
        namespace(document),
        document.name(),
        strings(spec, "selector"),
        ports,
        "None".equals(spec.text("clusterIP")),
        "ExternalName".equals(spec.text("type")) && external != null ? external : "");
  }

  private static String target(Node.Mapping port, int otherwise) {
    return switch (port.get("targetPort")) {
      case Node.Text(String name, var ignored) when !name.isEmpty() -> name;
      case Node.Whole(long number, var ignored) when number != 0 -> String.valueOf(number);
      case null, default -> String.valueOf(otherwise);
    };
  }

  /** Reads a {@code v1 Pod}; empty while it has no address, and once it has ended. */
  public static Optional<Pod> pod(Document document) {
    Node.Mapping status = or(document.root().mapping("status"), document);
    String ip = status.text("podIP");
    String phase = status.text("phase");
    if (ip == null || ip.isEmpty() || "Succeeded".equals(phase) || "Failed".equals(phase)) {
      return Optional.empty();
    }
    Node.Mapping metadata = or(document.root().mapping("metadata"), document);
    boolean deleting = metadata.present("deletionTimestamp") != null;
    return Optional.of(
        new Pod(
            namespace(document),
            document.name(),
            ip,
            labels(document),
            containerPorts(or(document.root().mapping("spec"), document)),
            !deleting && isReady(status)));
  }

  private static boolean isReady(Node.Mapping status) {
    for (Node item : status.items("conditions")) {
      if (item instanceof Node.Mapping condition && "Ready".equals(condition.text("type"))) {
        return "True".equals(condition.text("status"));
      }
    }
    return false;
  }

  private static Map<String, Integer> containerPorts(Node.Mapping spec) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (Node item : spec.items("containers")) {
      if (!(item instanceof Node.Mapping container)) {
        continue;
      }
      for (Node entry : container.items("ports")) {
        if (entry instanceof Node.Mapping port
            && port.text("name") != null
            && port.whole("containerPort") != null) {
          ports.put(port.text("name"), Math.toIntExact(port.whole("containerPort")));
        }
      }
    }
    return ports;
  }

  private static Map<String, String> strings(Node.@Nullable Mapping owner, String field) {
    Map<String, String> strings = new LinkedHashMap<>();
    Node.Mapping map = owner == null ? null : owner.mapping(field);
    if (map != null) {
      for (Node.Entry entry : map.entries()) {
        if (entry.value() instanceof Node.Text text) {
          strings.put(entry.key(), text.value());
        }
      }
    }
    return strings;
  }

  private static String namespace(Document document) {
    String namespace = document.namespace();
    return namespace == null || namespace.isEmpty() ? "default" : namespace;
  }

  private static Node.Mapping or(Node.@Nullable Mapping map, Document document) {
    return map == null ? new Node.Mapping(List.of(), document.origin()) : map;
  }
}
