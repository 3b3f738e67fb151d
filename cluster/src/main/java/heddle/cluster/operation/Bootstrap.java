package heddle.cluster.operation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import java.util.List;
import java.util.Set;

/** What every cluster has from its first moment. Safe to repeat. */
public final class Bootstrap {
  /** Namespaces that nobody may delete (Kubernetes: the admission plugin NamespaceLifecycle). */
  static final Set<String> FOR_EVER = Set.of("default", "kube-public", "kube-system");

  private static final List<String> NAMESPACES =
      List.of("default", "kube-node-lease", "kube-public", "kube-system");

  private final Operations operations;
  private final Call call = Call.system("kube-apiserver");

  public Bootstrap(Operations operations) {
    this.operations = operations;
  }

  /** Creates the system namespaces and {@code default/kubernetes} (10.96.0.1, port 443). */
  public void run() {
    for (String namespace : NAMESPACES) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.putObject("metadata").put("name", namespace);
      create("namespaces", "", object);
    }
    ObjectNode service = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = service.putObject("metadata").put("name", "kubernetes");
    metadata.putObject("labels").put("component", "apiserver").put("provider", "kubernetes");
    ObjectNode spec = service.putObject("spec").put("clusterIP", "10.96.0.1");
    spec.putArray("ports").addObject().put("name", "https").put("port", 443);
    create("services", "default", service);
  }

  private void create(String plural, String namespace, ObjectNode object) {
    try {
      operations.create(
          call, operations.types().find("", "v1", plural).orElseThrow(), namespace, object);
    } catch (ApiException e) {
      if (!e.reason().equals("AlreadyExists")) {
        throw e;
      }
    }
  }
}
