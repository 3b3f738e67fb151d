package heddle.mesh.input;

import heddle.resource.Resource;
import heddle.resource.ResourceKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything a compilation depends on except pods, which change too often: see {@code
 * CompiledMesh.endpoints}.
 *
 * @param resources the valid resources of all dialects, in any order
 * @param namespaces the labels of every namespace
 * @param services the Kubernetes services of the cluster
 * @param invalid objects that exist and could not be decoded: what refers to them waits for them
 */
public record MeshInput(
    List<Resource> resources,
    Map<String, Map<String, String>> namespaces,
    List<KubernetesService> services,
    Set<ResourceKey> invalid) {

  public MeshInput {
    resources = List.copyOf(resources);
    namespaces = Collections.unmodifiableMap(new LinkedHashMap<>(namespaces));
    services = List.copyOf(services);
    invalid = Set.copyOf(invalid);
  }

  /** With every object valid. */
  public MeshInput(
      List<Resource> resources,
      Map<String, Map<String, String>> namespaces,
      List<KubernetesService> services) {
    this(resources, namespaces, services, Set.of());
  }
}
