package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.BackendGroup;
import heddle.resource.appmesh.Reference;
import heddle.resource.appmesh.VirtualNode;
import heddle.resource.appmesh.VirtualService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which services a node may call, and where that was written. */
final class Backends {

  private final MeshIndex index;
  private final Findings findings;

  Backends(MeshIndex index, Findings findings) {
    this.index = index;
    this.findings = findings;
  }

  /** A service to call. */
  record Backend(VirtualService service, FieldPath path) {}

  /** Explicit backends first; groups add what is not there yet. */
  List<Backend> of(VirtualNode node) {
    Map<ResourceKey, Backend> all = new LinkedHashMap<>();
    FieldPath spec = node.path().field("spec");
    for (int i = 0; i < node.backends().size(); i++) {
      FieldPath path = spec.field("backends").index(i).field("virtualService");
      Reference reference = node.backends().get(i).virtualService();
      VirtualService service =
          index.resolve(VirtualService.class, "VirtualService", reference, node, path);
      if (service != null) {
        all.putIfAbsent(service.key(), new Backend(service, path));
      }
    }
    for (int i = 0; i < node.backendGroups().size(); i++) {
      FieldPath path = spec.field("backendGroups").index(i);
      for (VirtualService service : group(node, node.backendGroups().get(i), path)) {
        all.putIfAbsent(service.key(), new Backend(service, path));
      }
    }
    return List.copyOf(all.values());
  }

  private List<VirtualService> group(VirtualNode node, Reference.ByName name, FieldPath path) {
    if (name.name().equals("*")) {
      String namespace = name.namespaceOr(node.meta().namespace());
      return index.members(VirtualService.class).stream()
          .filter(service -> service.meta().namespace().equals(namespace))
          .filter(s -> Objects.equals(index.meshOf(s), index.meshOf(node)))
          .toList();
    }
    BackendGroup group = index.find(BackendGroup.class, "BackendGroup", name, node);
    if (group == null || index.meshOf(group) == null) {
      findings.fail(
          node,
          "ReferenceNotFound",
          "dangling-reference",
          path.field("name"),
          "there is no BackendGroup "
              + name.namespaceOr(node.meta().namespace())
              + "/"
              + name.name());
      return List.of();
    }
    if (!Objects.equals(index.meshOf(group), index.meshOf(node))) {
      findings.fail(
          node,
          "Conflict",
          "other-mesh",
          path.field("name"),
          group.key() + " is of another mesh (expected: a group of the node's own mesh)");
      return List.of();
    }
    return members(group);
  }

  private List<VirtualService> members(BackendGroup group) {
    List<VirtualService> services = new ArrayList<>();
    for (Reference.ByName name : group.virtualServices()) {
      VirtualService service = index.find(VirtualService.class, "VirtualService", name, group);
      if (service != null && Objects.equals(index.meshOf(service), index.meshOf(group))) {
        services.add(service);
      }
    }
    return services;
  }

  /** Reports what groups name and the mesh does not have. */
  void checkGroups() {
    for (BackendGroup group : index.members(BackendGroup.class)) {
      FieldPath path = group.path().field("spec").field("virtualservices");
      for (int i = 0; i < group.virtualServices().size(); i++) {
        Reference.ByName name = group.virtualServices().get(i);
        VirtualService service = index.find(VirtualService.class, "VirtualService", name, group);
        if (service == null || !Objects.equals(index.meshOf(service), index.meshOf(group))) {
          findings.fail(
              group,
              "ReferenceNotFound",
              "dangling-reference",
              path.index(i).field("name"),
              "there is no VirtualService "
                  + name.namespaceOr(group.meta().namespace())
                  + "/"
                  + name.name()
                  + " in this mesh");
        }
      }
    }
  }
}
