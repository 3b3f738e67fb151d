package heddle.cluster.controller.garbage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.pods.Ownership;
import heddle.cluster.informer.ControllerLoop;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.DeleteOptions.Propagation;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects none of whose owners exists any more, and carries out the foreground and orphan
 * deletion that a DELETE asked for by finalizers. Owners match by uid; the order in which owner and
 * dependent come to be does not matter.
 */
public final class GarbageCollector implements AutoCloseable {

  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final Objects objects;
  private final OwnerGraph graph = new OwnerGraph();
  private final Map<ResourceType, ObjectCache> caches = new HashMap<>();
  private final ControllerLoop loop;

  /**
   * @param timer delays retries; not closed here
   */
  public GarbageCollector(Objects objects, ScheduledExecutorService timer) {
    this.objects = objects;
    // The queue's keys are uids here; only their name is used.
    this.loop = new ControllerLoop("garbage", key -> collect(key.name()), timer);
  }

  public void start() {
    follow();
    loop.start();
  }

  /** Watches every type that is served now; to be called again when custom types come or go. */
  public synchronized void follow() {
    List<ResourceType> served = objects.types();
    for (ResourceType type : served) {
      if (!caches.containsKey(type)) {
        ObjectCache cache = new ObjectCache(objects, type);
        cache.listen((before, after) -> changed(type, before, after));
        caches.put(type, cache);
        cache.start();
      }
    }
    caches
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !served.contains(entry.getKey());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
  }

  private void changed(ResourceType type, @Nullable ObjectNode before, @Nullable ObjectNode after) {
    if (after == null) {
      if (before != null) {
        graph.remove(before);
        ask(Metadata.uid(before));
      }
      return;
    }
    graph.put(type, after);
    String uid = Metadata.uid(after);
    if (!Metadata.owners(after).isEmpty() || Metadata.deleting(after)) {
      loop.enqueue(new Key("", uid));
    }
  }

  /** An object is gone: its dependents may be garbage, its owners may wait for it. */
  private void ask(String uid) {
    graph.dependentsOf(uid).forEach(dependent -> loop.enqueue(new Key("", dependent)));
  }

  private Optional<Duration> collect(String uid) {
    Optional<OwnerGraph.Place> place = graph.find(uid);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    OwnerGraph.Place where = place.get();
    Optional<ObjectNode> object =
        objects
            .get(where.type(), where.key().namespace(), where.key().name())
            .filter(found -> Metadata.uid(found).equals(uid));
    if (object.isEmpty()) {
      return Optional.empty();
    }
    if (Metadata.deleting(object.get())) {
      return finish(where, object.get());
    }
    judge(where, object.get());
    return Optional.empty();
  }

  /** Carries out what a deletion's finalizers ask for. */
  private Optional<Duration> finish(OwnerGraph.Place where, ObjectNode object) {
    List<String> finalizers = Metadata.finalizers(object);
    String uid = Metadata.uid(object);
    if (finalizers.contains(ORPHAN)) {
      for (String dependent : graph.dependentsOf(uid)) {
        graph.find(dependent).ifPresent(place -> disown(place, dependent, uid));
      }
      drop(where, ORPHAN);
    } else if (finalizers.contains(FOREGROUND)) {
      boolean blocked = false;
      for (String dependent : graph.dependentsOf(uid)) {
        blocked |= graph.find(dependent).filter(place -> blocks(place, dependent, uid)).isPresent();
      }
      if (blocked) {
        return Optional.of(Duration.ofMillis(100));
      }
      drop(where, FOREGROUND);
    }
    return Optional.empty();
  }

  private void disown(OwnerGraph.Place place, String dependent, String owner) {
    objects.modify(
        place.type(),
        place.key().namespace(),
        place.key().name(),
        copy -> {
          Ownership.release(copy, owner);
          return copy;
        });
    graph.disown(owner, dependent);
  }

  /**
   * Deletes a dependent in the foreground too, or only takes the reference off one that has another
   * owner; true while it stands in its owner's way.
   */
  private boolean blocks(OwnerGraph.Place place, String uid, String owner) {
    Optional<ObjectNode> dependent =
        objects
            .get(place.type(), place.key().namespace(), place.key().name())
            .filter(found -> Metadata.uid(found).equals(uid))
            .filter(found -> OwnerGraph.ownersOf(found).contains(owner));
    if (dependent.isEmpty()) {
      return false;
    }
    if (!Metadata.deleting(dependent.get())) {
      if (hasAnother(dependent.get(), owner)) {
        disown(place, uid, owner);
        return false;
      }
      delete(place, dependent.get(), Propagation.FOREGROUND);
    }
    return Metadata.owners(dependent.get()).stream()
        .anyMatch(
            reference ->
                reference.path("uid").asText().equals(owner)
                    && reference.path("blockOwnerDeletion").asBoolean());
  }

  private boolean hasAnother(ObjectNode dependent, String owner) {
    return Metadata.owners(dependent).stream()
        .filter(reference -> !reference.path("uid").asText().equals(owner))
        .anyMatch(reference -> exists(reference, Metadata.namespace(dependent)));
  }

  private void drop(OwnerGraph.Place where, String finalizer) {
    objects.modify(
        where.type(),
        where.key().namespace(),
        where.key().name(),
        copy -> {
          if (Metadata.of(copy).get("finalizers") instanceof ArrayNode finalizers) {
            for (int i = finalizers.size() - 1; i >= 0; i--) {
              if (finalizers.get(i).asText().equals(finalizer)) {
                finalizers.remove(i);
              }
            }
          }
          return copy;
        });
  }

  /** Deletes an object whose owners are all gone; takes references to gone owners off another. */
  private void judge(OwnerGraph.Place where, ObjectNode object) {
    List<ObjectNode> owners = Metadata.owners(object);
    List<ObjectNode> gone =
        owners.stream().filter(owner -> !exists(owner, Metadata.namespace(object))).toList();
    if (gone.isEmpty()) {
      return;
    }
    if (gone.size() == owners.size()) {
      delete(where, object, Propagation.BACKGROUND);
      return;
    }
    for (ObjectNode owner : gone) {
      disown(where, Metadata.uid(object), owner.path("uid").asText());
    }
  }

  private boolean exists(ObjectNode reference, String namespace) {
    String uid = reference.path("uid").asText();
    if (graph.find(uid).isPresent()) {
      return true;
    }
    String apiVersion = reference.path("apiVersion").asText();
    String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
    Optional<ResourceType> type =
        objects.types().stream()
            .filter(t -> t.group().equals(group))
            .filter(t -> t.kind().equals(reference.path("kind").asText()))
            .findFirst();
    if (type.isEmpty()) {
      return true; // Nothing can be said of a kind that is not served: keep the object.
    }
    return objects
        .get(
            type.get(), type.get().namespaced() ? namespace : null, reference.path("name").asText())
        .filter(owner -> Metadata.uid(owner).equals(uid))
        .isPresent();
  }

  private void delete(OwnerGraph.Place place, ObjectNode object, Propagation propagation) {
    try {
      objects.delete(
          place.type(),
          place.key().namespace(),
          place.key().name(),
          new DeleteOptions(null, Metadata.uid(object), null, propagation));
    } catch (ApiException e) {
      if (e.code() != 404 && e.code() != 409) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    loop.close();
    synchronized (this) {
      caches.values().forEach(ObjectCache::close);
    }
  }
}
