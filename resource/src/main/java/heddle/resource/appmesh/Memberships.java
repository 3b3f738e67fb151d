package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.manifest.Node;
import heddle.resource.LabelSelector;
import heddle.resource.ObjectMeta;
import heddle.resource.appmesh.AppMeshAdmission.ClusterView;
import heddle.resource.appmesh.AppMeshAdmission.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the mesh, and the gateway, of a new object and writes them into it. */
final class Memberships {

  private final ClusterView cluster;

  Memberships(ClusterView cluster) {
    this.cluster = cluster;
  }

  /** A possible owner, as much of it as matters. */
  private record Owner(ObjectMeta meta, Fields spec) {
    static Owner of(Map<String, @Nullable Object> object, boolean namespaced) {
      Document document = Document.ofObject(object);
      Node.Mapping spec = document.root().mapping("spec");
      return new Owner(ObjectMeta.of(document, namespaced), Fields.ofNullable(spec));
    }

    boolean selects(String field, Map<String, String> labels) {
      LabelSelector selector = spec.selector(field);
      return selector != null && selector.matches(labels);
    }
  }

  Verdict enrol(PlainObject object) {
    String namespace = object.namespace();
    Map<String, String> labels = cluster.namespaceLabels(namespace);
    List<Owner> meshes = new ArrayList<>();
    for (Map<String, @Nullable Object> candidate : cluster.meshes()) {
      Owner mesh = Owner.of(candidate, false);
      if (mesh.selects("namespaceSelector", labels)) {
        meshes.add(mesh);
      }
    }
    if (meshes.size() != 1) {
      return new Verdict.Denied(noMesh(namespace, meshes));
    }
    Owner mesh = meshes.getFirst();
    if (mesh.meta.deleting()) {
      return new Verdict.Denied(
          "unable to create new content in mesh "
              + mesh.meta.name()
              + " because it is being terminated");
    }
    Map<String, @Nullable Object> ref = reference(mesh);
    object.spec().put("meshRef", ref);
    return object.kind().equals("GatewayRoute")
        ? attach(object, ref, labels)
        : new Verdict.Allowed(object.root());
  }

  private static String noMesh(String namespace, List<Owner> found) {
    return found.isEmpty()
        ? "failed to find matching mesh for namespace: " + namespace + ", expecting 1 but found 0"
        : "found multiple matching meshes for namespace: "
            + namespace
            + ", expecting 1 but found "
            + found.size()
            + ": "
            + names(found);
  }

  private static String names(List<Owner> owners) {
    return owners.stream()
        .map(owner -> owner.meta.name())
        .sorted()
        .collect(Collectors.joining(","));
  }

  private Verdict attach(
      PlainObject route, Map<String, @Nullable Object> mesh, Map<String, String> labels) {
    Map<String, String> own = AppMeshAdmission.meta(route.root(), true).labels();
    List<Owner> gateways = new ArrayList<>();
    for (Map<String, @Nullable Object> candidate : cluster.virtualGateways()) {
      Owner gateway = Owner.of(candidate, true);
      boolean anyRoute = !gateway.spec.has("gatewayRouteSelector");
      if (gateway.selects("namespaceSelector", labels)
          && (anyRoute || gateway.selects("gatewayRouteSelector", own))) {
        gateways.add(gateway);
      }
    }
    if (gateways.size() != 1) {
      return new Verdict.Denied(noGateway(route.name(), gateways));
    }
    Owner gateway = gateways.getFirst();
    MeshRef ref = gateway.spec.objectOrNull("meshRef", MeshRef::of);
    if (ref != null && !Objects.equals(ref.name(), mesh.get("name"))) {
      return new Verdict.Denied(
          "virtualGateway referenced does not belong to the mesh referenced in GatewayRoute "
              + "Create");
    }
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    written.put("namespace", gateway.meta.namespace());
    written.putAll(reference(gateway));
    route.spec().put("virtualGatewayRef", written);
    return new Verdict.Allowed(route.root());
  }

  private static String noGateway(String route, List<Owner> found) {
    return found.isEmpty()
        ? "failed to find matching virtualGateway for gatewayRoute: "
            + route
            + ", expecting 1 but found 0"
        : "found multiple matching virtualGateways for gatewayRoute: "
            + route
            + ", expecting 1 but found "
            + found.size()
            + ": "
            + names(found);
  }

  private static Map<String, @Nullable Object> reference(Owner owner) {
    Map<String, @Nullable Object> reference = new LinkedHashMap<>();
    reference.put("name", owner.meta.name());
    reference.put("uid", Objects.requireNonNullElse(owner.meta.uid(), ""));
    return reference;
  }
}
