package heddle.control.publish;

import com.google.protobuf.Message;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.model.ResourceStatus;
import heddle.xds.ResourceType;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.SnapshotStore;
import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes under each node's id what its data planes are served. Called by one thread.
 *
 * <p>What has not changed is neither packed nor published again, and a node that cannot be served
 * keeps no other from it. A cluster that the compiler gives no endpoints gets an assignment without
 * any: a data plane then answers at once that nobody is there, instead of waiting for endpoints.
 */
public final class SnapshotPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);

  private final SnapshotStore store;
  private final Map<String, Published> published = new HashMap<>();

  /** The endpoints of the latest publication by cluster. */
  private Map<String, VersionedResource> assignments = Map.of();

  /** Its clusters, each packed once for all the nodes that have it. */
  private Map<Cluster, VersionedResource> clusters = new IdentityHashMap<>();

  /** What a node is served, and what that was made from. */
  private record Published(
      NodeConfig config, List<VersionedResource> endpoints, Snapshot snapshot) {}

  public SnapshotPublisher(SnapshotStore store) {
    this.store = store;
  }

  /**
   * Publishes a mesh; nodes that are no longer there lose their snapshot.
   *
   * @param nodes by id
   * @param endpoints by the name of their cluster
   * @return the statuses of nodes that cannot be served; they keep the snapshot they had
   */
  public List<ResourceStatus> publish(
      Map<String, NodeConfig> nodes, Map<String, ClusterLoadAssignment> endpoints) {
    assignments = packed(endpoints);
    clusters = packed(nodes.values());
    List<ResourceStatus> problems = new ArrayList<>();
    nodes.forEach(
        (id, node) -> {
          try {
            publish(id, node);
          } catch (IllegalArgumentException e) {
            LOG.error("{} cannot be served", id, e);
            problems.add(
                new ResourceStatus(
                    node.owner(), false, "NotServed", String.valueOf(e.getMessage())));
          }
        });
    published.keySet().retainAll(nodes.keySet());
    store.keys().stream().filter(id -> !nodes.containsKey(id)).forEach(store::remove);
    return problems;
  }

  private void publish(String id, NodeConfig node) {
    List<VersionedResource> endpoints = node.edsClusters().stream().map(this::assignment).toList();
    Published before = published.get(id);
    boolean sameNode = before != null && before.config().equals(node);
    if (before != null && sameNode && before.endpoints().equals(endpoints)) {
      return;
    }
    Snapshot.Builder snapshot =
        before != null && sameNode
            ? before.snapshot().toBuilder()
            : snapshot(node, before == null ? Snapshot.empty() : before.snapshot());
    endpoints.forEach(snapshot::replace);
    Published now = new Published(node, endpoints, snapshot.build());
    published.put(id, now);
    store.publish(id, now.snapshot());
  }

  private Snapshot.Builder snapshot(NodeConfig node, Snapshot before) {
    Snapshot.Builder snapshot = Snapshot.builder();
    for (Cluster cluster : node.clusters()) {
      snapshot.add(Objects.requireNonNull(clusters.get(cluster)));
    }
    node.listeners().forEach(each -> snapshot.add(packed(ResourceType.LISTENER, each, before)));
    node.routes().forEach(each -> snapshot.add(packed(ResourceType.ROUTES, each, before)));
    return snapshot;
  }

  /** The resource as it was, if it is the same. */
  private static VersionedResource packed(ResourceType type, Message message, Snapshot before) {
    return before
        .resource(type, type.nameOf(message))
        .filter(known -> known.message().equals(message))
        .orElseGet(() -> VersionedResource.of(type, message));
  }

  private Map<Cluster, VersionedResource> packed(Collection<NodeConfig> nodes) {
    Map<Cluster, VersionedResource> packed = new IdentityHashMap<>();
    for (NodeConfig node : nodes) {
      for (Cluster cluster : node.clusters()) {
        if (!packed.containsKey(cluster)) {
          VersionedResource known = clusters.get(cluster);
          packed.put(
              cluster, known == null ? VersionedResource.of(ResourceType.CLUSTER, cluster) : known);
        }
      }
    }
    return packed;
  }

  private Map<String, VersionedResource> packed(Map<String, ClusterLoadAssignment> latest) {
    Map<String, VersionedResource> packed = new HashMap<>();
    latest.forEach(
        (cluster, assignment) -> {
          VersionedResource before = assignments.get(cluster);
          packed.put(
              cluster,
              before != null && before.message().equals(assignment) ? before : pack(assignment));
        });
    return packed;
  }

  private VersionedResource assignment(String cluster) {
    return assignments.computeIfAbsent(
        cluster, name -> pack(ClusterLoadAssignment.newBuilder().setClusterName(name).build()));
  }

  private static VersionedResource pack(ClusterLoadAssignment assignment) {
    return VersionedResource.of(ResourceType.ENDPOINTS, assignment);
  }
}
