package heddle.proxy.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import heddle.proxy.stats.StatsText;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The pages of the admin interface, as Envoy writes them. */
final class AdminPages {

  /** An answer. */
  record Page(int status, String contentType, String body) {
    static Page text(String body) {
      return new Page(200, "text/plain; charset=UTF-8", body);
    }

    static Page json(String body) {
      return new Page(200, "application/json", body);
    }
  }

  private static final String VERSION = "heddle/embedded/RELEASE";

  private final AdminServer.View view;
  private final long started;
  private final JsonFormat.Printer printer;
  private boolean failing;

  AdminPages(AdminServer.View view) {
    this.view = view;
    this.started = view.ticker().nanoTime();
    this.printer =
        JsonFormat.printer()
            .preservingProtoFieldNames()
            .usingTypeRegistry(
                TypeRegistry.newBuilder()
                    .add(
                        List.of(
                            HttpConnectionManager.getDescriptor(),
                            TcpProxy.getDescriptor(),
                            Router.getDescriptor(),
                            OriginalDst.getDescriptor(),
                            TlsInspector.getDescriptor(),
                            FileAccessLog.getDescriptor(),
                            StdoutAccessLog.getDescriptor(),
                            HttpProtocolOptions.getDescriptor(),
                            PreviousHostsPredicate.getDescriptor(),
                            Cluster.getDescriptor(),
                            Listener.getDescriptor(),
                            io.envoyproxy.envoy.config.route.v3.RouteConfiguration.getDescriptor(),
                            io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment
                                .getDescriptor()))
                    .build());
  }

  Page answer(String method, String path, Map<String, List<String>> query) {
    boolean mutates =
        switch (path) {
          case "/reset_counters", "/healthcheck/fail", "/healthcheck/ok", "/drain_listeners" ->
              true;
          default -> false;
        };
    if (mutates && !method.equals("POST")) {
      return new Page(
          405, "text/plain; charset=UTF-8", "Method Not Allowed: use POST for " + path + "\n");
    }
    return switch (path) {
      case "/" -> Page.text(help());
      case "/help" -> Page.text(help());
      case "/stats" -> stats(query, first(query, "format"));
      case "/stats/prometheus" -> stats(query, "prometheus");
      case "/clusters" -> clusters(query);
      case "/config_dump" -> configDump(query);
      case "/listeners" -> listeners(query);
      case "/ready" -> ready();
      case "/server_info" -> serverInfo();
      case "/reset_counters" -> {
        view.stats().resetCounters();
        yield Page.text("OK\n");
      }
      case "/healthcheck/fail" -> {
        failing = true;
        view.drain().begin();
        yield Page.text("OK\n");
      }
      case "/healthcheck/ok" -> {
        failing = false;
        view.drain().end();
        yield Page.text("OK\n");
      }
      case "/drain_listeners" -> {
        boolean graceful = query.containsKey("graceful");
        view.listeners().drain(query.containsKey("inboundonly"), !graceful);
        yield Page.text("OK\n");
      }
      default ->
          new Page(
              404, "text/plain; charset=UTF-8", "invalid path. admin commands are:\n" + help());
    };
  }

  private static @Nullable String first(Map<String, List<String>> query, String name) {
    var values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  private static String help() {
    return """
          /clusters: upstream cluster status
          /config_dump: dump current Envoy configs (experimental)
          /drain_listeners (POST): drain listeners
          /healthcheck/fail (POST): cause the server to fail health checks
          /healthcheck/ok (POST): cause the server to pass health checks
          /help: print out list of admin commands
          /listeners: print listener info
          /ready: print server state, return 200 if LIVE, otherwise return 503
          /reset_counters (POST): reset all counters to zero
          /server_info: print server version/status information
          /stats: print server stats
          /stats/prometheus: print server stats in prometheus format
        """;
  }

  private Page stats(Map<String, List<String>> query, @Nullable String format) {
    view.stats().gauge("server.uptime").set(uptimeSeconds());
    Predicate<String> names = name -> true;
    String filter = first(query, "filter");
    if (filter != null) {
      try {
        names = Pattern.compile(filter).asPredicate();
      } catch (PatternSyntaxException e) {
        return new Page(
            400, "text/plain; charset=UTF-8", "Invalid re2 regex: " + e.getDescription() + "\n");
      }
    }
    boolean usedOnly = query.containsKey("usedonly");
    return switch (format) {
      case null -> Page.text(StatsText.plain(view.stats(), names, usedOnly));
      case "json" -> Page.json(StatsText.json(view.stats(), names, usedOnly));
      case "prometheus" ->
          new Page(
              200,
              "text/plain; version=0.0.4; charset=utf-8",
              StatsText.prometheus(view.stats(), names, usedOnly));
      default ->
          new Page(400, "text/plain; charset=UTF-8", "usage: /stats?format=(json|prometheus)\n");
    };
  }

  private long uptimeSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(view.ticker().nanoTime() - started);
  }

  private Page clusters(Map<String, List<String>> query) {
    return "json".equals(first(query, "format"))
        ? Page.json(ClusterPage.json(view.clusters()))
        : Page.text(ClusterPage.text(view.clusters()));
  }

  private Page listeners(Map<String, List<String>> query) {
    var lines = new ArrayList<String>();
    boolean json = "json".equals(first(query, "format"));
    view.listeners()
        .addresses()
        .forEach(
            (name, address) ->
                lines.add(
                    json
                        ? """
                        {"name":"%s","local_address":{"socket_address":{"address":"%s","port_value":%d}}}"""
                            .formatted(
                                name, address.getAddress().getHostAddress(), address.getPort())
                        : "%s::%s:%d"
                            .formatted(
                                name, address.getAddress().getHostAddress(), address.getPort())));
    return json
        ? Page.json("{\"listener_statuses\":[" + String.join(",", lines) + "]}")
        : Page.text(lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
  }

  private String state() {
    return !view.live().getAsBoolean() ? "INITIALIZING" : failing ? "DRAINING" : "LIVE";
  }

  private Page ready() {
    String state = state();
    return new Page(state.equals("LIVE") ? 200 : 503, "text/plain; charset=UTF-8", state + "\n");
  }

  private Page serverInfo() {
    return Page.json(
        """
        {
         "version": "%s",
         "state": "%s",
         "hot_restart_version": "disabled",
         "uptime_current_epoch": "%ds",
         "uptime_all_epochs": "%ds",
         "node": %s
        }
        """
            .formatted(VERSION, state(), uptimeSeconds(), uptimeSeconds(), print(view.node())));
  }

  private String print(Message message) {
    try {
      return printer.print(message);
    } catch (InvalidProtocolBufferException e) {
      return "{\"error\": \"" + String.valueOf(e.getMessage()).replace("\"", "'") + "\"}";
    }
  }

  private Page configDump(Map<String, List<String>> query) {
    var dumps = new ArrayList<String>();
    dumps.add(
        """
        {"@type":"type.googleapis.com/envoy.admin.v3.BootstrapConfigDump","bootstrap":{"node":%s}}"""
            .formatted(print(view.node())));
    dumps.add(
        section("ClustersConfigDump", "dynamic_active_clusters", "cluster", ResourceType.CLUSTER));
    dumps.add(
        section("ListenersConfigDump", "dynamic_listeners", "listener", ResourceType.LISTENER));
    dumps.add(
        section("RoutesConfigDump", "dynamic_route_configs", "route_config", ResourceType.ROUTES));
    if (query.containsKey("include_eds")) {
      dumps.add(
          section(
              "EndpointsConfigDump",
              "dynamic_endpoint_configs",
              "endpoint_config",
              ResourceType.ENDPOINTS));
    }
    return Page.json("{\"configs\":[" + String.join(",\n", dumps) + "]}\n");
  }

  private String section(String dump, String list, String field, ResourceType type) {
    var items = new ArrayList<String>();
    view.sources()
        .get()
        .getOrDefault(type, Map.of())
        .forEach(
            (name, message) -> {
              String inner = "{\"" + field + "\":" + print(Any.pack(message)) + "}";
              items.add(
                  type == ResourceType.LISTENER
                      ? "{\"name\":\"" + name + "\",\"active_state\":" + inner + "}"
                      : inner);
            });
    return "{\"@type\":\"type.googleapis.com/envoy.admin.v3.%s\",\"%s\":[%s]}"
        .formatted(dump, list, String.join(",\n", items));
  }
}
