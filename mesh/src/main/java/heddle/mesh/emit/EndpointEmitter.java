package heddle.mesh.emit;

import heddle.mesh.input.Pod;
import heddle.mesh.model.PodSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Emits the endpoints of clusters from the pods there are. */
public final class EndpointEmitter {

  private EndpointEmitter() {}

  /**
   * The endpoints of every cluster.
   *
   * @param sources by cluster name
   * @param pods in any order; those not ready are left out
   * @param before what may be taken over
   */
  public static Endpoints emit(
      Map<String, PodSource> sources, Collection<Pod> pods, Endpoints before) {
    PodIndex index = new PodIndex(pods);
    Map<String, Endpoints.OfCluster> all = new LinkedHashMap<>();
    sources.forEach(
        (cluster, source) -> {
          List<Endpoints.Host> hosts = hosts(source, index);
          Endpoints.OfCluster known = before.clusters().get(cluster);
          all.put(
              cluster,
              known != null && known.hosts().equals(hosts)
                  ? known
                  : new Endpoints.OfCluster(hosts, assignment(cluster, hosts)));
        });
    return new Endpoints(all);
  }

  private static List<Endpoints.Host> hosts(PodSource source, PodIndex index) {
    Map<String, Endpoints.Host> hosts = new LinkedHashMap<>();
    for (PodSource.Group group : source.groups()) {
      for (Pod pod : index.candidates(group)) {
        Integer port = port(source.port(), pod);
        boolean selected =
            group.selectors().stream().allMatch(selector -> selector.matches(pod.labels()));
        if (selected && port != null) {
          Endpoints.Host host = new Endpoints.Host(pod.ip(), port, pod.namespace(), pod.name());
          hosts.put(host.ip() + ":" + port, host);
        }
      }
    }
    return List.copyOf(hosts.values());
  }

  private static ClusterLoadAssignment assignment(String cluster, List<Endpoints.Host> hosts) {
    ClusterLoadAssignment.Builder out = ClusterLoadAssignment.newBuilder().setClusterName(cluster);
    if (!hosts.isEmpty()) {
      LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
      hosts.forEach(host -> locality.addLbEndpoints(endpoint(host)));
      out.addEndpoints(locality);
    }
    return out.build();
  }

  private static @Nullable Integer port(PodSource.Port port, Pod pod) {
    return switch (port) {
      case PodSource.Port.Fixed(int number) -> number;
      case PodSource.Port.Named(String name) -> pod.containerPorts().get(name);
    };
  }

  private static LbEndpoint endpoint(Endpoints.Host host) {
    return LbEndpoint.newBuilder()
        .setEndpoint(Endpoint.newBuilder().setAddress(Messages.address(host.ip(), host.port())))
        .setMetadata(Messages.metadata("Pod", host.namespace(), host.pod(), ""))
        .build();
  }
}
