package heddle.resource.appmesh;

import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import heddle.resource.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the App Mesh controller's webhooks did with {@code appmesh.k8s.aws/v1beta2} objects: default
 * names, memberships, immutable fields, and the rules that a schema cannot say; its messages are
 * kept word for word. Pure: the caller brings the cluster. Works on plain JSON-like trees ({@code
 * Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean}, null).
 */
public final class AppMeshAdmission {

  private final AppMeshCodec codec = new AppMeshCodec();

  /** What admission must know of the cluster. */
  public interface ClusterView {

    /** The labels of a namespace; empty when there is no such namespace. */
    Map<String, String> namespaceLabels(String namespace);

    /** Every Mesh object as it is stored. */
    List<Map<String, @Nullable Object>> meshes();

    /** Every VirtualGateway object as it is stored. */
    List<Map<String, @Nullable Object>> virtualGateways();

    /** Whether pods have IPv6 addresses. */
    boolean ipv6();
  }

  /** What becomes of a write. */
  public sealed interface Verdict {

    /** It goes on, as this object; a changed copy, or the given one when nothing changed. */
    record Allowed(Map<String, @Nullable Object> object) implements Verdict {}

    /** It is refused. */
    record Denied(String message) implements Verdict {}
  }

  /**
   * The mutating step.
   *
   * @param old the stored object; null for a creation
   */
  public Verdict mutate(
      Map<String, @Nullable Object> object,
      @Nullable Map<String, @Nullable Object> old,
      ClusterView cluster) {
    PlainObject tree = PlainObject.copyOf(object);
    String kind = tree.kind();
    if (kind.equals("Mesh")) {
      MeshDefaults.ipPreference(tree, cluster.ipv6());
    }
    if (old != null) {
      return new Verdict.Allowed(tree.root());
    }
    String readOnly = readOnlyField(tree, kind);
    if (readOnly != null) {
      return new Verdict.Denied(kind + " create may not specify read-only field: " + readOnly);
    }
    if (!kind.equals("BackendGroup") && tree.text("awsName").isEmpty()) {
      tree.spec().put("awsName", tree.defaultAwsName());
    }
    if (kind.equals("Mesh")) {
      return new Verdict.Allowed(tree.root());
    }
    return new Memberships(cluster).enrol(tree);
  }

  private static @Nullable String readOnlyField(PlainObject tree, String kind) {
    if (kind.equals("Mesh")) {
      return null;
    }
    if (tree.spec().get("meshRef") != null) {
      return "spec.meshRef";
    }
    return kind.equals("GatewayRoute") && tree.spec().get("virtualGatewayRef") != null
        ? "spec.virtualGatewayRef"
        : null;
  }

  /**
   * The validating step, after mutation.
   *
   * @param old the stored object; null for a creation
   */
  public Verdict validate(
      Map<String, @Nullable Object> object, @Nullable Map<String, @Nullable Object> old) {
    List<String> problems = new ArrayList<>();
    if (old != null) {
      immutable(PlainObject.copyOf(object), PlainObject.copyOf(old)).ifPresent(problems::add);
    }
    Document document = Document.ofObject(object);
    for (Diagnostic finding : codec.schemaFindings(document)) {
      problems.add(finding.path() + ": " + finding.message());
    }
    if (problems.isEmpty()) {
      codec.ruleFindings(document).forEach(finding -> problems.add(finding.message()));
    }
    return problems.isEmpty()
        ? new Verdict.Allowed(object)
        : new Verdict.Denied(String.join("; ", problems));
  }

  private static java.util.Optional<String> immutable(PlainObject now, PlainObject before) {
    Map<String, Boolean> changed = new LinkedHashMap<>();
    String kind = now.kind();
    if (!kind.equals("BackendGroup")) {
      changed.put("spec.awsName", differs(now, before, "awsName"));
    }
    if (!kind.equals("Mesh")) {
      changed.put("spec.meshRef", differs(now, before, "meshRef"));
    }
    if (kind.equals("GatewayRoute")) {
      changed.put("spec.virtualGatewayRef", differs(now, before, "virtualGatewayRef"));
    }
    if (kind.equals("VirtualNode") && before.cloudMap() != null) {
      changed.put(
          "spec.serviceDiscovery.awsCloudMap", !Objects.equals(now.cloudMap(), before.cloudMap()));
    }
    String fields =
        changed.entrySet().stream()
            .filter(Map.Entry::getValue)
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(","));
    return fields.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of(kind + " update may not change these fields: " + fields);
  }

  private static boolean differs(PlainObject now, PlainObject before, String field) {
    return !Objects.equals(now.spec().get(field), before.spec().get(field));
  }

  /** A stored object's metadata, and whether it is being deleted. */
  static ObjectMeta meta(Map<String, @Nullable Object> object, boolean namespaced) {
    return ObjectMeta.of(Document.ofObject(object), namespaced);
  }
}
