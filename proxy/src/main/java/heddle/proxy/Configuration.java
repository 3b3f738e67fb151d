package heddle.proxy;

import com.google.protobuf.Message;
import heddle.proxy.applier.XdsApplier;
import heddle.proxy.http.Routes;
import heddle.proxy.listener.ListenerConfig;
import heddle.proxy.listener.Listeners;
import heddle.proxy.stats.Stats;
import heddle.proxy.upstream.ClusterConfig;
import heddle.proxy.upstream.Clusters;
import heddle.xds.ResourceType;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar's configuration in force, and its transitions: carries what the applier accepted onto
 * the event loop. A listener waits for its route configurations before it opens or changes, but not
 * longer than their {@code initial_fetch_timeout}; the first ones also wait until clusters are
 * warm.
 */
final class Configuration implements XdsApplier.Target {
  private final EventLoop loop;
  private final Clusters clusters;
  private final Stats stats;
  private final Map<String, Routes> routes = new HashMap<>();
  private final Map<String, List<ClusterConfig.Endpoint>> endpoints = new HashMap<>();
  private final Map<String, ListenerConfig> waiting = new LinkedHashMap<>();
  private final Set<ListenerConfig> impatient = new HashSet<>();
  private final Map<ResourceType, Map<String, Message>> sources = new HashMap<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private @Nullable Listeners listeners;
  private boolean listenersSeen;

  Configuration(EventLoop loop, Clusters clusters, Stats stats) {
    this.loop = loop;
    this.clusters = clusters;
    this.stats = stats;
    clusters.whenWarm(this::openWaiting);
  }

  /** Where listeners go; once, before anything is applied. */
  void serve(Listeners on) {
    listeners = on;
  }

  private Listeners listeners() {
    if (listeners == null) {
      throw new IllegalStateException("configured before the listeners were there");
    }
    return listeners;
  }

  /** A route configuration; on the event loop. */
  @Nullable Routes table(String name) {
    return routes.get(name);
  }

  /** The messages in force; on the event loop. */
  Map<ResourceType, Map<String, Message>> sources() {
    return sources;
  }

  CompletableFuture<Void> ready() {
    return ready;
  }

  boolean live() {
    return ready.isDone() && !ready.isCompletedExceptionally();
  }

  private void source(ResourceType type, String name, @Nullable Message message) {
    var ofType = sources.computeIfAbsent(type, t -> new TreeMap<>());
    if (message == null) {
      ofType.remove(name);
    } else {
      ofType.put(name, message);
    }
  }

  @Override
  public void cluster(ClusterConfig config, Message source) {
    loop.execute(
        () -> {
          source(ResourceType.CLUSTER, config.name(), source);
          clusters.put(config);
          if (config.discovery() instanceof ClusterConfig.Discovery.Eds eds) {
            var known = endpoints.get(eds.serviceName());
            if (known != null) {
              clusters.endpoints(eds.serviceName(), known);
            }
          }
        });
  }

  @Override
  public void removeCluster(String name) {
    loop.execute(
        () -> {
          source(ResourceType.CLUSTER, name, null);
          clusters.remove(name);
          for (String service : List.copyOf(endpoints.keySet())) {
            if (!clusters.uses(service)) {
              endpoints.remove(service);
              source(ResourceType.ENDPOINTS, service, null);
            }
          }
        });
  }

  @Override
  public void endpoints(String serviceName, List<ClusterConfig.Endpoint> latest, Message source) {
    loop.execute(
        () -> {
          source(ResourceType.ENDPOINTS, serviceName, source);
          endpoints.put(serviceName, latest);
          clusters.endpoints(serviceName, latest);
        });
  }

  @Override
  public void routes(Routes table, Message source) {
    loop.execute(
        () -> {
          source(ResourceType.ROUTES, table.name(), source);
          routes.put(table.name(), table);
          openWaiting();
        });
  }

  @Override
  public void removeRoutes(String name) {
    loop.execute(
        () -> {
          source(ResourceType.ROUTES, name, null);
          routes.remove(name);
        });
  }

  @Override
  public CompletableFuture<Void> listener(ListenerConfig config, Message source) {
    var result = new CompletableFuture<Void>();
    loop.execute(
        () ->
            listeners()
                .prepare(config)
                .whenComplete((prepared, failure) -> prepared(config, source, failure, result)));
    return result;
  }

  private void prepared(
      ListenerConfig config,
      Message source,
      @Nullable Throwable failure,
      CompletableFuture<Void> result) {
    if (failure != null) {
      ready.completeExceptionally(
          new IllegalStateException("listener " + config.name() + " cannot be opened", failure));
      result.completeExceptionally(failure);
      return;
    }
    source(ResourceType.LISTENER, config.name(), source);
    impatient.remove(waiting.put(config.name(), config));
    openWaiting();
    long patience = config.routesTimeout().toNanos();
    if (waiting.containsKey(config.name()) && patience > 0) {
      loop.schedule(() -> openWithoutRoutes(config), patience, TimeUnit.NANOSECONDS);
    }
    result.complete(null);
  }

  @Override
  public void removeListener(String name) {
    loop.execute(
        () -> {
          source(ResourceType.LISTENER, name, null);
          impatient.remove(waiting.remove(name));
          listeners().remove(name);
        });
  }

  @Override
  public void applied(ResourceType type, String version, boolean accepted) {
    loop.execute(
        () -> {
          String p =
              switch (type) {
                case CLUSTER -> "cluster_manager.cds.";
                case LISTENER -> "listener_manager.lds.";
                case ENDPOINTS, ROUTES, SECRET -> "";
              };
          if (!p.isEmpty()) {
            stats.counter(p + "update_attempt").inc();
            stats.counter(p + (accepted ? "update_success" : "update_rejected")).inc();
          }
          if (type == ResourceType.LISTENER) {
            listenersSeen = true;
            settle();
          }
        });
  }

  /** The first listeners open when there is something to send requests to, as Envoy's do. */
  private void openWaiting() {
    if (clusters.warming() && !ready.isDone()) {
      return;
    }
    for (ListenerConfig config : List.copyOf(waiting.values())) {
      if (impatient.contains(config) || routes.keySet().containsAll(config.routeNames())) {
        open(config);
      }
    }
    warmed();
  }

  private void openWithoutRoutes(ListenerConfig config) {
    if (waiting.get(config.name()) == config) {
      impatient.add(config);
      openWaiting();
    }
  }

  private void open(ListenerConfig config) {
    waiting.remove(config.name());
    impatient.remove(config);
    listeners().put(config);
  }

  private void warmed() {
    stats.gauge("listener_manager.total_listeners_warming").set(waiting.size());
    settle();
  }

  private void settle() {
    if (listenersSeen && waiting.isEmpty() && !ready.isDone()) {
      stats.gauge("server.live").set(1);
      ready.complete(null);
    }
  }
}
