package heddle.proxy.listener;

import heddle.proxy.http.HttpEnvironment;
import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.upstream.Clusters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** Told whether a listener could be opened. */
  public interface Opened {
    void result(String name, @Nullable Throwable failure);
  }

  /** Adds a listener, or changes one without closing its connections. */
  public void put(ListenerConfig config, Opened opened) {
    ActiveListener old = active.get(config.name());
    if (old != null && old.config().equals(config)) {
      opened.result(config.name(), null);
      return;
    }
    if (old != null
        && old.config().port() == config.port()
        && old.config().address().equals(config.address())) {
      old.update(config);
      modified.inc();
      opened.result(config.name(), null);
      return;
    }
    if (old != null) {
      old.shutdown();
      modified.inc();
    } else {
      added.inc();
    }
    var listener = new ActiveListener(config, sockets, environment, drainTime);
    active.put(config.name(), listener);
    totalActive.set(active.size());
    if (!config.bind()) {
      opened.result(config.name(), null);
      return;
    }
    try {
      listener.bind().addListener(f -> bound(config, opened, f.cause()));
    } catch (RuntimeException e) {
      bound(config, opened, e);
    }
  }

  private void bound(ListenerConfig config, Opened opened, @Nullable Throwable failure) {
    if (failure == null) {
      createSuccess.inc();
    } else {
      createFailure.inc();
      LOG.warn(
          "listener {} cannot listen on {}:{}: {}",
          config.name(),
          config.address(),
          config.port(),
          failure.toString());
    }
    opened.result(config.name(), failure);
  }

  /** Removes a listener; its connections drain. */
  public void remove(String name) {
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

  /** Closes sockets and connections at once. */
  public void close() {
    for (ActiveListener listener : active.values()) {
      listener.shutdown();
      listener.closeConnections();
    }
    active.clear();
  }
}
