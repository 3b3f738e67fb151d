package heddle.mesh.emit;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of every EDS cluster at one moment. Immutable. */
public final class Endpoints {
  /** Of no cluster. */
  public static final Endpoints NONE = new Endpoints(Map.of());

  private final Map<String, OfCluster> clusters;

  /** One host of a cluster. */
  record Host(String ip, int port, String namespace, String pod) {}

  /** Who they are, and what that is in Envoy's words. */
  record OfCluster(List<Host> hosts, ClusterLoadAssignment assignment) {}

  Endpoints(Map<String, OfCluster> clusters) {
    this.clusters = Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
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
