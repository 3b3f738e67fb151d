package heddle.mesh.emit;

import heddle.mesh.input.Pod;
import heddle.mesh.model.PodSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Emits the endpoints of clusters from the pods there are. */
public final class EndpointEmitter {

  /**
   * The endpoints of every cluster.
   *
   * @param sources by cluster name
   * @param pods in any order; those not ready are left out
   */
  public Map<String, ClusterLoadAssignment> emit(
      Map<String, PodSource> sources, Collection<Pod> pods) {
    PodIndex index = new PodIndex(pods);
    Map<String, ClusterLoadAssignment> all = new LinkedHashMap<>();
    sources.forEach((cluster, source) -> all.put(cluster, one(cluster, source, index)));
    return all;
  }

  private static ClusterLoadAssignment one(String cluster, PodSource source, PodIndex index) {
    Map<String, LbEndpoint> endpoints = new LinkedHashMap<>();
    for (PodSource.Group group : source.groups()) {
      for (Pod pod : index.candidates(group)) {
        Integer port = port(source.port(), pod);
        boolean selected =
            group.selectors().stream().allMatch(selector -> selector.matches(pod.labels()));
        if (selected && port != null) {
          endpoints.put(pod.ip() + ":" + port, endpoint(pod, port));
        }
      }
    }
    ClusterLoadAssignment.Builder out = ClusterLoadAssignment.newBuilder().setClusterName(cluster);
    if (!endpoints.isEmpty()) {
      out.addEndpoints(LocalityLbEndpoints.newBuilder().addAllLbEndpoints(endpoints.values()));
    }
    return out.build();
  }

  private static @Nullable Integer port(PodSource.Port port, Pod pod) {
    return switch (port) {
      case PodSource.Port.Fixed(int number) -> number;
      case PodSource.Port.Named(String name) -> pod.containerPorts().get(name);
    };
  }

  private static LbEndpoint endpoint(Pod pod, int port) {
    return LbEndpoint.newBuilder()
        .setEndpoint(Endpoint.newBuilder().setAddress(Messages.address(pod.ip(), port)))
        .setMetadata(Messages.metadata("Pod", pod.namespace(), pod.name(), ""))
        .build();
  }
}
