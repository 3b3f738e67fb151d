package heddle.cluster.informer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import heddle.cluster.object.WatchEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of one type as of the last watch event, indexed by namespace and by controlling
 * owner.
 *
 * <p>The trees are shared with every other reader: copy one before changing it. The cache runs
 * behind the API by the time an event needs to arrive; {@link #revision()} tells how far it is.
 */
public final class ObjectCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectCache.class);

  private final Objects objects;
  private final ResourceType type;
  private final Map<Key, ObjectNode> items = new ConcurrentHashMap<>();
  private final Map<String, Map<Key, ObjectNode>> namespaces = new ConcurrentHashMap<>();
  private final Map<String, Map<Key, ObjectNode>> owned = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile long revision;
  private Objects.@Nullable Watch watch;
  private boolean closed;

  /** Is told of every change, in order, on the watch's thread; must return quickly. */
  public interface Listener {

    /**
     * @param before null when the object is new
     * @param after null when it is gone
     */
    void changed(@Nullable ObjectNode before, @Nullable ObjectNode after);
  }

  public ObjectCache(Objects objects, ResourceType type) {
    this.objects = objects;
    this.type = type;
  }

  /** Adds a listener; call it before {@link #start()} so that it sees every object. */
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Loads what exists, telling the listeners, and follows the changes from there. */
  public synchronized void start() {
    if (closed) {
      return;
    }
    Objects.ObjectList list = objects.list(type, null);
    List<Change> changes = new ArrayList<>();
    Set<Key> gone = new HashSet<>(items.keySet());
    for (ObjectNode item : list.items()) {
      gone.remove(Key.of(item));
      changes.add(put(item));
    }
    gone.forEach(key -> changes.add(remove(key)));
    reach(list.revision(), changes);
    watch = objects.watch(type, null, list.revision(), this::event);
  }

  public ResourceType type() {
    return type;
  }

  /** The revision of the newest event that was taken in. */
  public long revision() {
    return revision;
  }

  public Optional<ObjectNode> get(Key key) {
    return Optional.ofNullable(items.get(key));
  }

  public Optional<ObjectNode> get(String namespace, String name) {
    return get(new Key(namespace, name));
  }

  public Collection<ObjectNode> all() {
    return items.values();
  }

  public Collection<ObjectNode> in(String namespace) {
    return namespaces.getOrDefault(namespace, Map.of()).values();
  }

  /** Objects whose controlling owner has this uid. */
  public Collection<ObjectNode> ownedBy(String uid) {
    return owned.getOrDefault(uid, Map.of()).values();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (watch != null) {
      watch.close();
    }
  }

  private void event(WatchEvent event) {
    switch (event.type()) {
      case ADDED, MODIFIED -> reach(event.revision(), List.of(put(event.object())));
      case DELETED -> reach(event.revision(), List.of(remove(Key.of(event.object()))));
      case EXPIRED -> start();
    }
  }

  /** What listeners are told. */
  private record Change(@Nullable ObjectNode before, @Nullable ObjectNode after) {}

  /** Tells the listeners last: who waits for a revision looks at it when told, and not again. */
  private void reach(long reached, List<Change> changes) {
    revision = Math.max(revision, reached);
    for (Change change : changes) {
      listeners.forEach(listener -> tell(listener, change));
    }
  }

  private void tell(Listener listener, Change change) {
    if (change.before() == null && change.after() == null) {
      return;
    }
    try {
      listener.changed(change.before(), change.after());
    } catch (RuntimeException e) {
      // A defect of one listener must not keep the others, nor this one, from what follows.
      LOG.error("a listener of {} failed", type.qualifiedPlural(), e);
    }
  }

  private Change put(ObjectNode object) {
    Key key = Key.of(object);
    ObjectNode before = items.put(key, object);
    if (before != null && owner(before) instanceof String old && !old.equals(owner(object))) {
      drop(owned, old, key);
    }
    namespaces.computeIfAbsent(key.namespace(), n -> new ConcurrentHashMap<>()).put(key, object);
    if (owner(object) instanceof String uid) {
      owned.computeIfAbsent(uid, u -> new ConcurrentHashMap<>()).put(key, object);
    }
    return new Change(before, object);
  }

  private Change remove(Key key) {
    ObjectNode before = items.remove(key);
    if (before != null) {
      drop(namespaces, key.namespace(), key);
      if (owner(before) instanceof String uid) {
        drop(owned, uid, key);
      }
    }
    return new Change(before, null);
  }

  private static void drop(Map<String, Map<Key, ObjectNode>> index, String group, Key key) {
    index.computeIfPresent(
        group,
        (g, members) -> {
          members.remove(key);
          return members.isEmpty() ? null : members;
        });
  }

  /** The uid of the owner that controls an object, or null. */
  public static @Nullable String owner(ObjectNode object) {
    for (ObjectNode reference : Metadata.owners(object)) {
      if (reference.path("controller").asBoolean()) {
        return reference.path("uid").asText();
      }
    }
    return null;
  }

  /** A snapshot as a list, for callers that sort or count. */
  public static List<ObjectNode> list(Collection<ObjectNode> objects) {
    return new ArrayList<>(objects);
  }
}
