package heddle.control.webhook;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.control.view.AppMeshKinds;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.Scope;
import heddle.resource.appmesh.AppMeshAdmission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /mutate-appmesh-k8s-aws-v1beta2-KIND} and {@code /validate-…}: App Mesh's own rules. What
 * they need of the cluster is read anew for each request: a manifest creates a mesh and its members
 * within milliseconds, sooner than any cache hears of it.
 */
public final class KindWebhooks {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> TREE =
      new TypeReference<>() {};
  private static final String PATH = "appmesh-k8s-aws-v1beta2-";

  private final AppMeshAdmission admission = new AppMeshAdmission();
  private final AppMeshAdmission.ClusterView cluster;

  private KindWebhooks(KubeApi api) {
    this.cluster = new Live(api);
  }

  /** The webhooks of every kind, by path. */
  public static Map<String, Webhook> of(KubeApi api) {
    KindWebhooks hooks = new KindWebhooks(api);
    Map<String, Webhook> paths = new LinkedHashMap<>();
    for (KubeKind kind : AppMeshKinds.all()) {
      String name = kind.kind().toLowerCase(Locale.ROOT);
      paths.put("/mutate-" + PATH + name, hooks::mutate);
      paths.put("/validate-" + PATH + name, hooks::validate);
    }
    return paths;
  }

  private Verdict mutate(AdmissionRequest request) {
    Optional<KubeObject> object = request.object().map(each -> placed(each, request.namespace()));
    if (object.isEmpty()) {
      return Verdict.allowed();
    }
    return switch (admission.mutate(tree(object.get()), old(request), cluster)) {
      case AppMeshAdmission.Verdict.Allowed(var changed) ->
          new Verdict.Allowed(Optional.of(MAPPER.<ObjectNode>valueToTree(changed)), List.of());
      case AppMeshAdmission.Verdict.Denied(var message) -> new Verdict.Denied(message);
    };
  }

  private Verdict validate(AdmissionRequest request) {
    if (request.object().isEmpty() || request.object().get().deleting()) {
      return Verdict.allowed(); // Finalizers of an object that has become invalid may still go.
    }
    return switch (admission.validate(tree(request.object().get()), old(request))) {
      case AppMeshAdmission.Verdict.Allowed(var unchanged) -> Verdict.allowed();
      case AppMeshAdmission.Verdict.Denied(var message) -> new Verdict.Denied(message);
    };
  }

  private static @Nullable Map<String, @Nullable Object> old(AdmissionRequest request) {
    return request.oldObject().map(KindWebhooks::tree).orElse(null);
  }

  private static Map<String, @Nullable Object> tree(KubeObject object) {
    return MAPPER.convertValue(object.json(), TREE);
  }

  private static KubeObject placed(KubeObject object, String namespace) {
    if (namespace.isEmpty() || !object.namespace().isEmpty()) {
      return object;
    }
    KubeObject placed = object.copy();
    placed.metadata().put("namespace", namespace);
    return placed;
  }

  /** The cluster at this moment. */
  private record Live(KubeApi api) implements AppMeshAdmission.ClusterView {
    @Override
    public Map<String, String> namespaceLabels(String namespace) {
      return api.get(KubeKind.NAMESPACE, "", namespace).map(KubeObject::labels).orElse(Map.of());
    }

    @Override
    public List<Map<String, @Nullable Object>> meshes() {
      return all(AppMeshKinds.MESH);
    }

    @Override
    public List<Map<String, @Nullable Object>> virtualGateways() {
      return all(AppMeshKinds.VIRTUAL_GATEWAY);
    }

    /** Pods have IPv4 addresses only. */
    @Override
    public boolean ipv6() {
      return false;
    }

    private List<Map<String, @Nullable Object>> all(KubeKind kind) {
      return api.list(kind, Scope.everywhere()).items().stream().map(KindWebhooks::tree).toList();
    }
  }
}
