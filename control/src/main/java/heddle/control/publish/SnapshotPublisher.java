package heddle.control.publish;

import heddle.mesh.CompiledMesh;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.input.Pod;
import heddle.xds.ResourceType;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.SnapshotStore;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Publishes under each node's id what its data planes are served. Called by one thread.
 *
 * <p>A cluster that the compiler gives no endpoints gets an assignment without any: a data plane
 * then answers at once that nobody is there, instead of waiting for endpoints.
 */
public final class SnapshotPublisher {
  private final SnapshotStore store;
  private final Set<String> published = new HashSet<>();

  public SnapshotPublisher(SnapshotStore store) {
    this.store = store;
  }

  /** Publishes everything; nodes that are no longer there lose their snapshot. */
  public void publish(CompiledMesh mesh, Collection<Pod> pods) {
    Map<String, ClusterLoadAssignment> endpoints = mesh.endpoints(pods);
    mesh.nodes()
        .forEach(
            (id, node) ->
                store.publish(
                    id,
                    Snapshot.builder()
                        .addAll(node.clusters())
                        .addAll(node.listeners())
                        .addAll(node.routes())
                        .addAll(endpoints(node, endpoints))
                        .build()));
    for (String gone : published) {
      if (!mesh.nodes().containsKey(gone)) {
        store.remove(gone);
      }
    }
    published.clear();
    published.addAll(mesh.nodes().keySet());
  }

  /** Publishes the endpoints of nodes that were published before, and nothing else. */
  public void publishEndpoints(CompiledMesh mesh, Collection<Pod> pods) {
    Map<String, ClusterLoadAssignment> endpoints = mesh.endpoints(pods);
    mesh.nodes()
        .forEach(
            (id, node) ->
                store
                    .get(id)
                    .ifPresent(
                        snapshot ->
                            store.publish(
                                id,
                                snapshot.with(
                                    ResourceType.ENDPOINTS, endpoints(node, endpoints)))));
  }

  private static List<ClusterLoadAssignment> endpoints(
      NodeConfig node, Map<String, ClusterLoadAssignment> all) {
    List<ClusterLoadAssignment> own = new ArrayList<>();
    for (String cluster : node.edsClusters()) {
      own.add(
          all.getOrDefault(
              cluster, ClusterLoadAssignment.newBuilder().setClusterName(cluster).build()));
    }
    return own;
  }
}
