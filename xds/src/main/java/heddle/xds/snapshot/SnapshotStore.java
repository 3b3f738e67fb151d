package heddle.xds.snapshot;

import heddle.xds.ResourceType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The latest snapshot under each key. One thread publishes; any number read and listen. A snapshot
 * equal to the one before is not announced.
 */
public final class SnapshotStore {
  private final Map<String, Snapshot> snapshots = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Hears of what was published, on the publisher's thread; must not block. */
  @FunctionalInterface
  public interface Listener {
    /** The snapshot under a key appeared, changed or went away. */
    void changed(String key);
  }

  /** Ends a subscription. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Replaces the snapshot under a key.
   *
   * @return the types that changed; empty if nothing did, and then nobody is told
   */
  public Set<ResourceType> publish(String key, Snapshot snapshot) {
    Snapshot before = snapshots.put(key, snapshot);
    Set<ResourceType> changed =
        before == null ? EnumSet.allOf(ResourceType.class) : before.difference(snapshot);
    if (!changed.isEmpty()) {
      announce(key);
    }
    return changed;
  }

  /**
   * Forgets a key. Nodes that were served it keep what they have, as they do when the server is
   * away.
   */
  public void remove(String key) {
    if (snapshots.remove(key) != null) {
      announce(key);
    }
  }

  /** The latest snapshot under a key. */
  public Optional<Snapshot> get(String key) {
    return Optional.ofNullable(snapshots.get(key));
  }

  /** All keys, sorted. */
  public SortedSet<String> keys() {
    return new TreeSet<>(snapshots.keySet());
  }

  /** Listens until the subscription is closed. */
  public Subscription subscribe(Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void announce(String key) {
    listeners.forEach(listener -> listener.changed(key));
  }
}
