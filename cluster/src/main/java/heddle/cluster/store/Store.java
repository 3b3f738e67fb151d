package heddle.cluster.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Every object of one cluster: in memory for reading, in one SQLite file (mode 0600) for good.
 *
 * <p>One revision counts all writes and survives restarts. A write names the revision it saw; when
 * another was quicker it is not done. One thread writes: whatever waits is committed together with
 * a single sync, then becomes visible in order. Watches reach back over a bounded number of changes
 * per resource and never beyond the opening of the store.
 */
public final class Store implements AutoCloseable {
  private static final int BATCH = 256;

  private final Journal journal;
  private final int history;
  private final long opened;
  private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();
  private final ReentrantReadWriteLock visible = new ReentrantReadWriteLock();
  private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile long revision;
  private volatile boolean closed;

  /** A list and the revision at which it was true. */
  public record Listing(long revision, List<Stored> items) {
    public Listing {
      items = List.copyOf(items);
    }
  }

  /** A write that waits for its turn; {@code object} is null for a removal, all null to stop. */
  private record Pending(
      @Nullable Key key,
      @Nullable ObjectNode object,
      long expected,
      CompletableFuture<Optional<Stored>> done) {}

  private Store(Journal journal, int history) {
    this.journal = journal;
    this.history = history;
    this.opened = journal.revision();
    this.revision = opened;
    journal.load(stored -> shelf(stored.key().resource()).put(stored));
    this.writer = Thread.ofPlatform().name("store-writer").daemon(true).start(this::write);
  }

  /**
   * Opens or creates a store.
   *
   * @param history how many changes of each resource watches can reach back to
   */
  public static Store open(Path file, int history) {
    return new Store(Journal.open(file), history);
  }

  /** The revision of the last visible write. */
  public long revision() {
    return revision;
  }

  public @Nullable Stored get(Key key) {
    visible.readLock().lock();
    try {
      return shelf(key.resource()).get(key.namespace(), key.name());
    } finally {
      visible.readLock().unlock();
    }
  }

  /** All objects of a resource in order of namespace and name; an empty namespace means all. */
  public Listing list(String resource, String namespace) {
    visible.readLock().lock();
    try {
      return new Listing(revision, shelf(resource).list(namespace));
    } finally {
      visible.readLock().unlock();
    }
  }

  /**
   * Writes an object, which the store owns from here on, and sets its resourceVersion.
   *
   * @param expected the revision to replace; 0 when there must be none
   * @return empty when the object is at another revision, or there
   * @throws StoreException when the disk fails
   */
  public Optional<Stored> put(Key key, ObjectNode object, long expected) {
    return submit(key, object, expected);
  }

  /**
   * Removes an object.
   *
   * @return the last state under the revision of the removal; empty when it is at another revision
   */
  public Optional<Stored> remove(Key key, long expected) {
    return submit(key, null, expected);
  }

  /**
   * The changes after a revision; an empty namespace means all.
   *
   * @throws heddle.cluster.object.ApiException 410 Expired when they are no longer kept
   */
  public Feed feed(String resource, String namespace, long after) {
    return shelf(resource).hub.feed(namespace, after);
  }

  private Shelf shelf(String resource) {
    return shelves.computeIfAbsent(resource, r -> new Shelf(new Hub(history, opened)));
  }

  private Optional<Stored> submit(Key key, @Nullable ObjectNode object, long expected) {
    Pending pending = new Pending(key, object, expected, new CompletableFuture<>());
    queue.add(pending);
    if (closed && queue.remove(pending)) {
      throw new IllegalStateException("the store is closed");
    }
    try {
      return pending.done.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StoreException("write of " + key + " failed: " + cause.getMessage(), cause);
    }
  }

  private void write() {
    List<Pending> batch = new ArrayList<>();
    while (true) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
      queue.drainTo(batch, BATCH - 1);
      if (!commit(batch)) {
        return;
      }
      batch.clear();
    }
  }

  /** Returns false when the batch held the request to stop. */
  private boolean commit(List<Pending> batch) {
    Batch work = new Batch();
    boolean running = true;
    try {
      for (Pending pending : batch) {
        if (pending.key == null) {
          running = false;
        } else {
          work.add(pending, pending.key);
        }
      }
      if (!work.changes.isEmpty()) {
        journal.commit(work.changes, work.next);
        publish(work);
      }
      work.results.forEach((pending, stored) -> pending.done.complete(stored));
    } catch (Throwable e) {
      // Also an Error, such as too little memory: nobody may wait for a thread that is gone.
      batch.forEach(pending -> pending.done.completeExceptionally(e));
    }
    return running;
  }

  private void publish(Batch work) {
    visible.writeLock().lock();
    try {
      for (Change change : work.changes) {
        Shelf shelf = shelf(change.key().resource());
        if (change.after() == null) {
          shelf.remove(change.key());
        } else {
          shelf.put(new Stored(change.key(), change.revision(), change.after()));
        }
      }
      // Feeds first: whoever reads the revision may trust that every change up to it can be polled.
      work.changes.forEach(change -> shelf(change.key().resource()).hub.publish(change));
      revision = work.next;
    } finally {
      visible.writeLock().unlock();
    }
  }

  /** Writes that will be committed together, each checked against those before it. */
  private final class Batch {
    final List<Change> changes = new ArrayList<>();
    final Map<Pending, Optional<Stored>> results = new IdentityHashMap<>();
    private final Map<Key, Optional<Stored>> overlay = new HashMap<>();
    long next = revision;

    void add(Pending pending, Key key) {
      Stored current = overlay.containsKey(key) ? overlay.get(key).orElse(null) : get(key);
      long at = current == null ? 0 : current.revision();
      if (at != pending.expected || (current == null && pending.object == null)) {
        results.put(pending, Optional.empty());
        return;
      }
      next++;
      boolean removal = pending.object == null;
      ObjectNode last = removal && current != null ? current.object().deepCopy() : pending.object;
      if (last == null) {
        throw new IllegalStateException("nothing to write for " + key);
      }
      Metadata.of(last).put("resourceVersion", Long.toString(next));
      Stored stored = new Stored(key, next, last);
      overlay.put(key, removal ? Optional.empty() : Optional.of(stored));
      results.put(pending, Optional.of(stored));
      changes.add(
          new Change(
              key, next, current == null ? null : current.object(), removal ? null : last, last));
    }
  }

  /** Finishes the writes that were asked for, then closes the file. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    queue.add(new Pending(null, null, 0, new CompletableFuture<>()));
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    journal.close();
  }
}
