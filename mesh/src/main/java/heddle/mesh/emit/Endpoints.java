package heddle.mesh.emit;

import heddle.mesh.input.Pod;
import heddle.mesh.model.PodSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of every EDS cluster at one moment, and what they were made from. Immutable. */
public final class Endpoints {
  /** Of no cluster. */
  public static final Endpoints NONE = new Endpoints(List.of(), Map.of());

  private final List<Pod> ready;
  private final Map<String, OfCluster> clusters;

  /** Where the hosts of a cluster come from, and what they are in Envoy's words. */
  record OfCluster(PodSource source, ClusterLoadAssignment assignment) {}

  /** The pods are in the order of {@link EndpointEmitter}. */
  Endpoints(List<Pod> ready, Map<String, OfCluster> clusters) {
    this.ready = List.copyOf(ready);
    this.clusters = Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
  }

  List<Pod> ready() {
    return ready;
  }

  Map<String, OfCluster> clusters() {
    return clusters;
  }

  /** By the name of their cluster. */
  public Map<String, ClusterLoadAssignment> assignments() {
    Map<String, ClusterLoadAssignment> assignments = new LinkedHashMap<>();
    clusters.forEach((name, cluster) -> assignments.put(name, cluster.assignment()));
    return Collections.unmodifiableMap(assignments);
  }
}
