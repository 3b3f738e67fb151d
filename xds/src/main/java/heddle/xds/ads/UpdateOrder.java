package heddle.xds.ads;

import heddle.xds.ResourceType;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The order in which a node gets an update, so that no request meets a route whose cluster is not
 * there: new clusters, their endpoints, listeners and routes, and only then the removal of old
 * clusters. Owned by the stream's serial executor.
 */
final class UpdateOrder {
  private final Function<ResourceType, TypeState> states;
  private final Sender sender;

  /** Clusters that the node must keep until listeners and routes have let go of them. */
  private final SortedMap<String, VersionedResource> heldClusters = new TreeMap<>();

  private final SortedMap<String, VersionedResource> sentClusters = new TreeMap<>();

  /** Puts one step on the wire. */
  interface Sender {
    /**
     * @param all what the node should have of the type
     * @param changed those of them that it lacks
     * @return false if there is nothing to say
     */
    boolean send(
        TypeState state,
        String version,
        SortedMap<String, VersionedResource> all,
        List<VersionedResource> changed);
  }

  UpdateOrder(Function<ResourceType, TypeState> states, Sender sender) {
    this.states = states;
    this.sender = sender;
  }

  private TypeState state(ResourceType type) {
    return states.apply(type);
  }

  /**
   * Sends the next steps towards a snapshot, as far as the node's answers allow.
   *
   * @param impatient whether to go on without answers
   * @return false if something must wait for the node
   */
  boolean advance(Snapshot target, boolean impatient) {
    sendClusters(target, impatient);
    TypeState clusters = state(ResourceType.CLUSTER);
    boolean ordered = clusters.wildcard && !impatient;
    // Without waiting: Envoy accepts clusters only when they are warm, for which it needs these.
    offer(ResourceType.ENDPOINTS, target);
    offer(ResourceType.SECRET, target);
    if (ordered && clusters.awaitingAck) {
      return false;
    }
    if (ordered && !clusters.rejected && endpointsMissing(target)) {
      return false;
    }
    offer(ResourceType.LISTENER, target);
    offer(ResourceType.ROUTES, target);
    if (heldClusters.isEmpty()
        || state(ResourceType.LISTENER).rejected
        || state(ResourceType.ROUTES).rejected) {
      return true; // A node that refused its new routes still uses the old ones: let it.
    }
    if (!impatient && !letGo(target)) {
      return false;
    }
    heldClusters.clear();
    sendClusters(target, impatient);
    return true;
  }

  private void sendClusters(Snapshot target, boolean impatient) {
    TypeState state = state(ResourceType.CLUSTER);
    if (!state.subscribed || state.awaitingAck) {
      return;
    }
    SortedMap<String, VersionedResource> wanted = state.wanted(target);
    sentClusters.keySet().removeIf(name -> !state.wants(name));
    if (!letGo(target) && !impatient) {
      heldClusters.putAll(sentClusters);
    }
    heldClusters.keySet().removeIf(name -> wanted.containsKey(name) || !state.wants(name));
    SortedMap<String, VersionedResource> all = new TreeMap<>(wanted);
    all.putAll(heldClusters);
    String version = target.version(ResourceType.CLUSTER) + (heldClusters.isEmpty() ? "" : "-held");
    List<VersionedResource> lacking = state.lacking(all);
    if (sender.send(state, version, all, lacking)) {
      sentClusters.clear();
      sentClusters.putAll(all);
      // A changed cluster warms up again and needs its endpoints once more, changed or not.
      TypeState endpoints = state(ResourceType.ENDPOINTS);
      lacking.forEach(cluster -> endpoints.sent.remove(endpointsName(cluster)));
    }
  }

  private void offer(ResourceType type, Snapshot target) {
    TypeState state = state(type);
    if (state.subscribed && !state.awaitingAck) {
      SortedMap<String, VersionedResource> wanted = state.wanted(target);
      boolean unused = sender.send(state, target.version(type), wanted, state.lacking(wanted));
    }
  }

  /** Whether a cluster of the snapshot still waits for endpoints that exist. */
  private boolean endpointsMissing(Snapshot target) {
    TypeState endpoints = state(ResourceType.ENDPOINTS);
    if (endpoints.awaitingAck) {
      return true;
    }
    for (VersionedResource cluster : target.resources(ResourceType.CLUSTER).values()) {
      String name = endpointsName(cluster);
      if (!name.isEmpty()
          && target.resource(ResourceType.ENDPOINTS, name).isPresent()
          && !endpoints.sent.containsKey(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the node has no more use for clusters that the snapshot has not. A node that names its
   * clusters says so itself: when its routes have moved, it stops to name the old ones.
   */
  private boolean letGo(Snapshot target) {
    return state(ResourceType.CLUSTER).wildcard && trafficMoved(target);
  }

  /** Whether listeners and routes of the snapshot are in force at the node. */
  private boolean trafficMoved(Snapshot target) {
    TypeState routes = state(ResourceType.ROUTES);
    return state(ResourceType.LISTENER).settled(target)
        && routes.settled(target)
        && (!routes.subscribed
            || routes.sent.keySet().containsAll(target.resources(ResourceType.ROUTES).keySet()));
  }

  private static String endpointsName(VersionedResource resource) {
    if (resource.message() instanceof Cluster cluster
        && cluster.getType() == Cluster.DiscoveryType.EDS) {
      String service = cluster.getEdsClusterConfig().getServiceName();
      return service.isEmpty() ? cluster.getName() : service;
    }
    return "";
  }
}
