package heddle.mesh.emit;

import heddle.mesh.input.Pod;
import heddle.mesh.model.PodSource;
import heddle.resource.LabelSelector;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Emits the endpoints of clusters from the pods there are. */
public final class EndpointEmitter {

  private EndpointEmitter() {}

  private static final Comparator<Pod> ORDER =
      Comparator.comparing(Pod::namespace).thenComparing(Pod::name);

  /**
   * The endpoints of every cluster.
   *
   * @param sources by cluster name
   * @param pods in any order; those not ready are left out
   * @param before what may be taken over: the clusters that no pod has joined or left since
   */
  public static Endpoints emit(
      Map<String, PodSource> sources, Collection<Pod> pods, Endpoints before) {
    List<Pod> ready = pods.stream().filter(Pod::ready).sorted(ORDER).toList();
    List<Pod> moved = moved(before.ready(), ready);
    PodIndex index = new PodIndex(ready);
    Map<String, Endpoints.OfCluster> all = new LinkedHashMap<>();
    sources.forEach(
        (cluster, source) -> {
          Endpoints.OfCluster known = before.clusters().get(cluster);
          boolean same =
              known != null
                  && (known.source() == source || known.source().equals(source))
                  && moved.stream().noneMatch(pod -> holds(source, pod));
          all.put(
              cluster, same ? known : new Endpoints.OfCluster(source, one(cluster, source, index)));
        });
    return new Endpoints(ready, all);
  }

  /** The pods that are in one of the lists only, or differ; both are in order. */
  private static List<Pod> moved(List<Pod> before, List<Pod> now) {
    List<Pod> moved = new ArrayList<>();
    int old = 0;
    int next = 0;
    while (old < before.size() && next < now.size()) {
      Pod was = before.get(old);
      Pod is = now.get(next);
      int order = was == is ? 0 : ORDER.compare(was, is);
      if (order == 0 && was != is && !was.equals(is)) {
        moved.add(was);
        moved.add(is);
      } else if (order != 0) {
        moved.add(order < 0 ? was : is);
      }
      old += order <= 0 ? 1 : 0;
      next += order >= 0 ? 1 : 0;
    }
    moved.addAll(before.subList(old, before.size()));
    moved.addAll(now.subList(next, now.size()));
    return moved;
  }

  private static boolean holds(PodSource source, Pod pod) {
    for (PodSource.Group group : source.groups()) {
      if (group.namespace().equals(pod.namespace()) && selects(group, pod)) {
        return true;
      }
    }
    return false;
  }

  private static boolean selects(PodSource.Group group, Pod pod) {
    for (LabelSelector selector : group.selectors()) {
      if (!selector.matches(pod.labels())) {
        return false;
      }
    }
    return true;
  }

  private static ClusterLoadAssignment one(String cluster, PodSource source, PodIndex index) {
    Map<String, LbEndpoint> endpoints = new LinkedHashMap<>();
    for (PodSource.Group group : source.groups()) {
      for (Pod pod : index.candidates(group)) {
        Integer port = port(source.port(), pod);
        if (port != null && selects(group, pod)) {
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
