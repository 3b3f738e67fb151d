package heddle.kube.cache;

import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeList;
import heddle.kube.KubeObject;
import heddle.kube.KubeWatch;
import heddle.kube.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of a kind within a scope, kept equal to the server's by one virtual thread. A kind
 * that the server does not serve (yet) counts as one without objects.
 *
 * <p>The objects are shared: whoever changes one works on {@link KubeObject#copy}.
 */
public final class ResourceCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceCache.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final KubeApi api;
  private final KubeKind kind;
  private final Scope scope;
  private final Listener listener;
  private final Map<String, KubeObject> objects = new ConcurrentHashMap<>();
  private final CountDownLatch synced = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable KubeWatch watch;

  /** Hears of changes, on the cache's thread, after the cache holds them. */
  @FunctionalInterface
  public interface Listener {
    /**
     * An object appeared ({@code before} is null), changed, or went away ({@code after} is null).
     */
    void changed(@Nullable KubeObject before, @Nullable KubeObject after);
  }

  private ResourceCache(KubeApi api, KubeKind kind, Scope scope, Listener listener) {
    this.api = api;
    this.kind = kind;
    this.scope = scope;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("heddle-cache-" + kind).unstarted(this::run);
  }

  /** Starts to fill a cache; {@link #awaitSynced} says when it has everything. */
  public static ResourceCache start(KubeApi api, KubeKind kind, Scope scope, Listener listener) {
    ResourceCache cache = new ResourceCache(api, kind, scope, listener);
    cache.thread.start();
    return cache;
  }

  /**
   * Waits until everything that was there at the start is here.
   *
   * @return false if that took too long
   */
  public boolean awaitSynced(Duration atMost) throws InterruptedException {
    return synced.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  public KubeKind kind() {
    return kind;
  }

  /** Everything, in no order. */
  public Collection<KubeObject> all() {
    return List.copyOf(objects.values());
  }

  /** One object; the namespace is empty for cluster-scoped kinds. */
  public Optional<KubeObject> get(String namespace, String name) {
    return Optional.ofNullable(objects.get(KubeObject.key(namespace, name)));
  }

  @Override
  public void close() {
    closing.countDown();
    KubeWatch open = watch;
    if (open != null) {
      open.close();
    }
    thread.interrupt();
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (closing.getCount() > 0) {
      try {
        String from = relist();
        synced.countDown();
        pause = FIRST_PAUSE;
        follow(from);
      } catch (KubeException e) {
        if (closing.getCount() == 0) {
          return;
        }
        if (e.notFound()) {
          synced.countDown();
        } else if (!e.expired()) {
          LOG.warn("{}; trying again in {}", e.getMessage(), pause);
        }
        if (rest(pause)) {
          return;
        }
        pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Waits; true if the cache was closed meanwhile. */
  private boolean rest(Duration pause) {
    try {
      return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private String relist() {
    KubeList list = api.list(kind, scope);
    Map<String, KubeObject> present = new ConcurrentHashMap<>();
    list.items().forEach(object -> present.put(object.key(), object));
    list.items().forEach(this::store);
    for (String key : new ArrayList<>(objects.keySet())) {
      if (!present.containsKey(key)) {
        tell(objects.remove(key), null);
      }
    }
    return list.resourceVersion();
  }

  private void follow(String from) throws InterruptedException {
    String version = from;
    while (closing.getCount() > 0) {
      try (KubeWatch open = api.watch(kind, scope, version)) {
        watch = open;
        for (Optional<KubeWatch.Event> event = open.next();
            event.isPresent() && closing.getCount() > 0;
            event = open.next()) {
          version = event.get().object().resourceVersion();
          apply(event.get());
        }
      } finally {
        watch = null;
      }
    }
  }

  private void apply(KubeWatch.Event event) {
    switch (event.type()) {
      case ADDED, MODIFIED -> store(event.object());
      case DELETED -> tell(objects.remove(event.object().key()), null);
      case BOOKMARK -> {}
    }
  }

  private void store(KubeObject object) {
    KubeObject before = objects.put(object.key(), object);
    if (before == null || !before.resourceVersion().equals(object.resourceVersion())) {
      tell(before, object);
    }
  }

  private void tell(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null && after == null) {
      return;
    }
    try {
      listener.changed(before, after);
    } catch (RuntimeException e) {
      LOG.error("a listener failed on {}", after == null ? before : after, e);
    }
  }
}
