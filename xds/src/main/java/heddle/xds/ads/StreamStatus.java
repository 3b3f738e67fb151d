package heddle.xds.ads;

import heddle.xds.ResourceType;
import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a stream's node has, at one moment.
 *
 * @param node its id
 * @param key of its snapshot; empty while it has none
 */
record StreamStatus(String node, String key, Map<ResourceType, OfType> types) {

  /**
   * One type.
   *
   * @param sent name to version
   * @param pending what was sent and not yet answered
   * @param refused what was refused, and not sent again since
   */
  record OfType(
      Map<String, String> sent, Set<String> pending, Set<String> refused, String refusal) {
    private static final OfType NOTHING = new OfType(Map.of(), Set.of(), Set.of(), "");

    private static OfType of(TypeState state) {
      Set<String> offered = Set.copyOf(state.offeredNames);
      return new OfType(
          new HashMap<>(state.sent),
          state.awaitingAck ? offered : Set.of(),
          state.rejected && !state.awaitingAck ? offered : Set.of(),
          state.refusal);
    }
  }

  /** To be called where the states are owned. */
  static StreamStatus of(String node, String key, Iterable<TypeState> states) {
    Map<ResourceType, OfType> types = new EnumMap<>(ResourceType.class);
    states.forEach(state -> types.put(state.type, OfType.of(state)));
    return new StreamStatus(node, key, types);
  }

  /** A snapshot for which nobody is connected. */
  static StreamStatus ofNobody(String key) {
    return new StreamStatus(key, key, Map.of());
  }

  /** Whether the node has the newest version of a resource, and has accepted it. */
  ConfigStatus of(VersionedResource resource) {
    OfType type = type(resource.type());
    if (!resource.version().equals(type.sent.get(resource.name()))) {
      return ConfigStatus.NOT_SENT;
    }
    if (type.pending.contains(resource.name())) {
      return ConfigStatus.STALE;
    }
    return type.refused.contains(resource.name()) ? ConfigStatus.ERROR : ConfigStatus.SYNCED;
  }

  /** What the node said of what it refused. */
  String refusal(ResourceType type) {
    return type(type).refusal;
  }

  private OfType type(ResourceType type) {
    return types.getOrDefault(type, OfType.NOTHING);
  }
}
