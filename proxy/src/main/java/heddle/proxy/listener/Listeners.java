package heddle.proxy.listener;

import heddle.proxy.http.HttpEnvironment;
import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.upstream.Clusters;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of one sidecar. Used on its event loop only. */
public final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final Clusters.Sockets sockets;
  private final HttpEnvironment environment;
  private final Duration drainTime;
  private final Map<String, ActiveListener> active = new TreeMap<>();
  private final Map<String, ActiveListener> warming = new TreeMap<>();
  private final Counter added;
  private final Counter modified;
  private final Counter removed;
  private final Counter createFailure;
  private final Counter createSuccess;
  private final Gauge totalActive;

  /**
   * @param drainTime how long connections of removed listeners and chains may go on
   */
  public Listeners(Clusters.Sockets sockets, HttpEnvironment environment, Duration drainTime) {
    this.sockets = sockets;
    this.environment = environment;
    this.drainTime = drainTime;
    var stats = environment.stats();
    added = stats.counter("listener_manager.listener_added");
    modified = stats.counter("listener_manager.listener_modified");
    removed = stats.counter("listener_manager.listener_removed");
    createFailure = stats.counter("listener_manager.listener_create_failure");
    createSuccess = stats.counter("listener_manager.listener_create_success");
    totalActive = stats.gauge("listener_manager.total_listeners_active");
  }

  /**
   * Reserves what a listener needs before it may warm up: its address. What is there under that
   * name goes on.
   *
   * @return fails when the address cannot be bound; then nothing has changed
   */
  public CompletableFuture<Void> prepare(ListenerConfig config) {
    ActiveListener old = active.get(config.name());
    discard(warming.remove(config.name()));
    if (old != null && old.listensWhere(config)) {
      return CompletableFuture.completedFuture(null);
    }
    var listener = new ActiveListener(config, sockets, environment, drainTime);
    var prepared = new CompletableFuture<Void>();
    try {
      listener.bind().addListener(f -> bound(listener, f.cause(), prepared));
    } catch (RuntimeException e) {
      bound(listener, e, prepared);
    }
    return prepared;
  }

  private void bound(
      ActiveListener listener, @Nullable Throwable failure, CompletableFuture<Void> prepared) {
    var config = listener.config();
    if (failure == null) {
      createSuccess.inc();
      warming.put(config.name(), listener);
      prepared.complete(null);
      return;
    }
    createFailure.inc();
    listener.shutdown();
    String what =
        "cannot bind %s:%d: %s".formatted(config.address(), config.port(), failure.getMessage());
    LOG.warn("listener {} {}", config.name(), what);
    prepared.completeExceptionally(new BindException(what));
  }

  private static void discard(@Nullable ActiveListener never) {
    if (never != null) {
      never.shutdown();
    }
  }

  /**
   * Puts a prepared listener into service, or changes one without closing its connections; the one
   * it replaces drains.
   */
  public void put(ListenerConfig config) {
    ActiveListener old = active.get(config.name());
    ActiveListener next = warming.remove(config.name());
    if (next == null && old != null && old.listensWhere(config)) {
      if (!old.config().equals(config)) {
        old.update(config);
        modified.inc();
      }
      return;
    }
    if (old != null) {
      old.shutdown();
      modified.inc();
    } else {
      added.inc();
    }
    ActiveListener listener =
        next != null ? next : new ActiveListener(config, sockets, environment, drainTime);
    active.put(config.name(), listener);
    totalActive.set(active.size());
    listener.accept();
  }

  /** Removes a listener; its connections drain. */
  public void remove(String name) {
    discard(warming.remove(name));
    ActiveListener old = active.remove(name);
    if (old != null) {
      old.shutdown();
      removed.inc();
      totalActive.set(active.size());
    }
  }

  /** The names of all listeners. */
  public List<String> names() {
    return List.copyOf(active.keySet());
  }

  /** Where each listener listens. */
  public Map<String, InetSocketAddress> addresses() {
    var all = new LinkedHashMap<String, InetSocketAddress>();
    active.forEach(
        (name, listener) -> {
          InetSocketAddress address = listener.address();
          if (address != null) {
            all.put(name, address);
          }
        });
    return all;
  }

  /** Connections that are open. */
  public int connections() {
    return active.values().stream().mapToInt(ActiveListener::connections).sum();
  }

  /**
   * Lets every connection end after its current request.
   *
   * @param inboundOnly only those of inbound listeners
   * @param close whether the listening sockets are closed, too
   */
  public void drain(boolean inboundOnly, boolean close) {
    for (ActiveListener listener : active.values()) {
      if (inboundOnly && !listener.config().inbound()) {
        continue;
      }
      if (close) {
        listener.shutdown();
      } else {
        listener.drainConnections();
      }
    }
  }

  /**
   * Accepts no more, closes idle connections at once and the others after their current request.
   */
  public void retire() {
    for (ActiveListener listener : active.values()) {
      listener.shutdown();
      listener.closeIdleConnections();
    }
  }

  /** Closes sockets and connections at once. */
  public void close() {
    for (ActiveListener listener : active.values()) {
      listener.shutdown();
      listener.closeConnections();
    }
    active.clear();
    warming.values().forEach(ActiveListener::shutdown);
    warming.clear();
  }
}
