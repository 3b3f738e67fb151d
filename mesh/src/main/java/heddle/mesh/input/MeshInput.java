package heddle.mesh.input;

import heddle.resource.Resource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a compilation depends on except pods, which change too often: see {@code
 * CompiledMesh.endpoints}.
 *
 * @param resources the valid resources of all dialects, in any order
 * @param namespaces the labels of every namespace
 * @param services the Kubernetes services of the cluster
 */
public record MeshInput(
    List<Resource> resources,
    Map<String, Map<String, String>> namespaces,
    List<KubernetesService> services) {

  public MeshInput {
    resources = List.copyOf(resources);
    namespaces = Collections.unmodifiableMap(new LinkedHashMap<>(namespaces));
    services = List.copyOf(services);
  }
}
