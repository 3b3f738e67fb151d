package heddle.cluster.controller.garbage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Key;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.ResourceType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who owns whom, by uid, over all types. All methods may be called from any thread. */
final class OwnerGraph {

  /** Where an object is found. */
  record Place(ResourceType type, Key key) {}

  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Set<String>> owners = new HashMap<>();
  private final Map<String, Set<String>> dependents = new HashMap<>();

  synchronized void put(ResourceType type, ObjectNode object) {
    String uid = Metadata.uid(object);
    places.put(uid, new Place(type, Key.of(object)));
    own(uid, ownersOf(object));
  }

  static Set<String> ownersOf(ObjectNode object) {
    Set<String> uids = new HashSet<>();
    Metadata.owners(object).forEach(owner -> uids.add(owner.path("uid").asText()));
    return uids;
  }

  private void own(String uid, Set<String> now) {
    Set<String> before = now.isEmpty() ? owners.remove(uid) : owners.put(uid, now);
    if (before != null) {
      before.stream().filter(owner -> !now.contains(owner)).forEach(owner -> disown(owner, uid));
    }
    now.forEach(owner -> dependents.computeIfAbsent(owner, u -> new HashSet<>()).add(uid));
  }

  synchronized void remove(ObjectNode object) {
    String uid = Metadata.uid(object);
    places.remove(uid);
    own(uid, Set.of());
  }

  /** Forgets one reference, after it was taken off the object. */
  synchronized void disown(String owner, String dependent) {
    dependents.computeIfPresent(
        owner,
        (u, members) -> {
          members.remove(dependent);
          return members.isEmpty() ? null : members;
        });
  }

  synchronized Optional<Place> find(String uid) {
    return Optional.ofNullable(places.get(uid));
  }

  synchronized Set<String> dependentsOf(String uid) {
    return Set.copyOf(dependents.getOrDefault(uid, Set.of()));
  }
}
