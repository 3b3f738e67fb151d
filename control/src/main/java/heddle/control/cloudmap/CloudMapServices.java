package heddle.control.cloudmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import heddle.control.view.ClusterView;
import heddle.kube.KubeObject;
import heddle.mesh.CompiledMesh;
import heddle.mesh.PodAssignment;
import heddle.mesh.emit.NodeConfig;
import heddle.resource.ResourceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which Cloud Map services the nodes of a mesh name, and which pods are in them. */
public final class CloudMapServices {
  private final ClusterView view;

  public CloudMapServices(ClusterView view) {
    this.view = view;
  }

  /** The services that nodes name, with the pods of those nodes. */
  public List<CloudMap.Service> of(CompiledMesh mesh) {
    Map<String, Integer> ports = new TreeMap<>();
    Map<String, Map<String, KubeObject>> pods = new TreeMap<>();
    Map<String, String> serviceOf = new HashMap<>();
    mesh.nodes()
        .forEach(
            (id, node) ->
                name(node)
                    .ifPresent(
                        name -> {
                          serviceOf.put(id, name);
                          ports.putIfAbsent(name, firstPort(spec(node)));
                          pods.computeIfAbsent(name, key -> new LinkedHashMap<>());
                        }));
    if (serviceOf.isEmpty()) {
      return List.of();
    }
    for (KubeObject pod : view.podObjects()) {
      if (mesh.assign(pod.namespace(), pod.name(), pod.labels())
          instanceof PodAssignment.Assigned node) {
        String service = serviceOf.get(node.nodeId());
        if (service != null) {
          pods.getOrDefault(service, new HashMap<>()).put(pod.key(), pod);
        }
      }
    }
    List<CloudMap.Service> services = new ArrayList<>();
    pods.forEach(
        (name, members) ->
            services.add(new CloudMap.Service(name, ports.getOrDefault(name, 0), members)));
    return services;
  }

  /** The service that a node names: {@code <service>.<namespace>}. */
  public Optional<String> name(NodeConfig node) {
    JsonNode cloudMap = spec(node).path("serviceDiscovery").path("awsCloudMap");
    return cloudMap.isObject()
        ? Optional.of(
            cloudMap.path("serviceName").asText() + "." + cloudMap.path("namespaceName").asText())
        : Optional.empty();
  }

  private JsonNode spec(NodeConfig node) {
    ResourceKey owner = node.owner();
    return view.meshObject(owner.kind(), owner.namespace(), owner.name())
        .map(KubeObject::spec)
        .orElse(MissingNode.getInstance());
  }

  private static int firstPort(JsonNode nodeSpec) {
    return nodeSpec.path("listeners").path(0).path("portMapping").path("port").asInt();
  }
}
