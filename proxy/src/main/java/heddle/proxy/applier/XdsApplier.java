package heddle.proxy.applier;

import com.google.protobuf.Message;
import heddle.proxy.http.Routes;
import heddle.proxy.listener.ListenerConfig;
import heddle.proxy.upstream.ClusterConfig;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import heddle.xds.ads.AdsClient.Update;
import heddle.xds.ads.AdsClient.Verdict;
import heddle.xds.route.RouteConfigException;
import heddle.xds.route.RouteTable;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes what ADS delivers for one sidecar: checks it, answers ACK or a NACK that lists everything
 * unsupported, and hands what is valid to the sidecar. Of a response with valid and invalid
 * resources the valid ones are applied and the version is not acknowledged, as Envoy does.
 *
 * <p>Calls must not overlap, nor come from the sidecar's event loop.
 */
public final class XdsApplier {

  /** Where valid configuration goes. Called on the applier's thread; must not block. */
  public interface Target {
    void cluster(ClusterConfig config, Message source);

    void removeCluster(String name);

    void endpoints(String serviceName, List<ClusterConfig.Endpoint> endpoints, Message source);

    void routes(Routes table, Message source);

    void removeRoutes(String name);

    /**
     * Completes when the listener's address is taken; fails when that is not possible, and then
     * what was in force under its name stays in force.
     */
    CompletableFuture<Void> listener(ListenerConfig config, Message source);

    void removeListener(String name);

    /** A response was applied, wholly or in part; {@code accepted} says wholly. */
    void applied(ResourceType type, String version, boolean accepted);
  }

  private final Target target;
  private final SupportedFields supported;
  private final ListenerTranslator listeners = new ListenerTranslator();
  private final ClusterTranslator clusters = new ClusterTranslator();
  private final Map<String, Message> knownClusters = new LinkedHashMap<>();
  private final Map<String, @Nullable String> edsNames = new LinkedHashMap<>();
  private final Map<String, Message> knownListeners = new LinkedHashMap<>();
  private final Map<String, Set<String>> routeNames = new LinkedHashMap<>();
  private final Map<String, Message> knownRoutes = new LinkedHashMap<>();

  public XdsApplier(Target target, SupportedFields supported) {
    this.target = target;
    this.supported = supported;
  }

  /** Applies one response. */
  public Verdict received(Update update) {
    var problems = new ArrayList<String>();
    if (update.complete() && update.type() == ResourceType.LISTENER) {
      dropListeners(update.resources().keySet()); // first: another may take a removed one's address
    }
    update
        .resources()
        .forEach(
            (name, message) -> {
              try {
                one(name, message, problems);
              } catch (RouteConfigException e) {
                e.problems().forEach(p -> problems.add(name + ": " + p));
              } catch (IllegalArgumentException e) {
                problems.add(name + ": " + e.getMessage());
              }
            });
    if (update.complete() && update.type() == ResourceType.CLUSTER) {
      dropClusters(update.resources().keySet());
    }
    if (update.type() == ResourceType.LISTENER) {
      dropUnusedRoutes();
    }
    target.applied(update.type(), update.version(), problems.isEmpty());
    return problems.isEmpty() ? Verdict.accepted() : Verdict.rejected(String.join("; ", problems));
  }

  private void one(String name, Message message, List<String> problems) {
    var unsupported = supported.unsupported(message);
    if (!unsupported.isEmpty()) {
      unsupported.forEach(path -> problems.add(name + ": " + path));
      return;
    }
    switch (message) {
      case Cluster cluster -> cluster(name, cluster);
      case ClusterLoadAssignment endpoints ->
          target.endpoints(name, ClusterTranslator.endpoints(endpoints), endpoints);
      case RouteConfiguration routes -> routes(name, routes);
      case Listener listener -> listener(name, listener);
      default ->
          throw new IllegalArgumentException(
              message.getDescriptorForType().getFullName() + " is not supported");
    }
  }

  private void cluster(String name, Cluster cluster) {
    if (cluster.equals(knownClusters.get(name))) {
      return;
    }
    ClusterConfig config = clusters.translate(cluster);
    knownClusters.put(name, cluster);
    edsNames.put(name, ClusterTranslator.edsName(config));
    target.cluster(config, cluster);
  }

  private void routes(String name, RouteConfiguration routes) {
    if (routes.equals(knownRoutes.get(name))) {
      return;
    }
    if (routes.getValidateClusters().getValue()) {
      throw new IllegalArgumentException("validate_clusters is true (expected: false)");
    }
    var table = new Routes(RouteTable.compile(routes));
    knownRoutes.put(name, routes);
    target.routes(table, routes);
  }

  private void listener(String name, Listener listener) {
    if (listener.equals(knownListeners.get(name))) {
      return;
    }
    ListenerConfig config = listeners.translate(listener);
    try {
      target.listener(config, listener).join();
    } catch (CompletionException e) {
      throw new IllegalArgumentException(
          e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    }
    knownListeners.put(name, listener);
    routeNames.put(name, config.routeNames());
  }

  private void dropClusters(Set<String> named) {
    for (String name : List.copyOf(knownClusters.keySet())) {
      if (!named.contains(name)) {
        knownClusters.remove(name);
        edsNames.remove(name);
        target.removeCluster(name);
      }
    }
  }

  private void dropListeners(Set<String> named) {
    for (String name : List.copyOf(knownListeners.keySet())) {
      if (!named.contains(name)) {
        knownListeners.remove(name);
        routeNames.remove(name);
        target.removeListener(name);
      }
    }
  }

  private void dropUnusedRoutes() {
    Set<String> wanted = routes();
    for (String name : List.copyOf(knownRoutes.keySet())) {
      if (!wanted.contains(name)) {
        knownRoutes.remove(name);
        target.removeRoutes(name);
      }
    }
  }

  /** The EDS names that the clusters in force ask for. */
  public Set<String> endpoints() {
    var names = new TreeSet<String>();
    for (String name : edsNames.values()) {
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** The route configurations that the listeners in force ask for. */
  public Set<String> routes() {
    var names = new TreeSet<String>();
    routeNames.values().forEach(names::addAll);
    return names;
  }

  /**
   * Keeps a client's subscriptions in step with what the configuration asks for. Call it after
   * {@link #received}.
   */
  public void subscribe(AdsClient client) {
    client.subscribe(ResourceType.ENDPOINTS, endpoints());
    client.subscribe(ResourceType.ROUTES, routes());
  }
}
