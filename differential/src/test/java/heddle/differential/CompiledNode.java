package heddle.differential;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import heddle.manifest.Diagnostic;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.lint.Lint;
import heddle.mesh.lint.LintReport;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Heddle's compiler makes of a scenario's {@code mesh.yaml} for one node: the first HTTP chain
 * of the chosen listener, on a free port, with the scenarios' access log, and every route
 * configuration and cluster.
 *
 * @param resources everything but endpoints, which the scenario says
 */
record CompiledNode(List<Message> resources) {
  static final CompiledNode NONE = new CompiledNode(List.of());
  private static final String FILE = "mesh.yaml";

  static CompiledNode read(Path folder, String node, String listener) {
    LintReport report;
    try {
      report = new Lint().check(Map.of(FILE, Files.readString(folder.resolve(FILE))));
    } catch (IOException e) {
      throw new ScenarioException(folder.resolve(FILE) + " cannot be read: " + e, e);
    }
    NodeConfig config = report.mesh().nodes().get(node);
    if (config == null) {
      throw new ScenarioException(
          "%s has no node %s (there are: %s); %s"
              .formatted(
                  folder.resolve(FILE),
                  node,
                  report.mesh().nodes().keySet(),
                  report.diagnostics().stream().map(Diagnostic::toString).toList()));
    }
    List<Message> resources = new ArrayList<>();
    config.listeners().stream()
        .filter(each -> each.getName().equals(listener))
        .map(CompiledNode::placed)
        .forEach(resources::add);
    resources.addAll(config.routes());
    resources.addAll(config.clusters());
    return new CompiledNode(resources);
  }

  private static Listener placed(Listener listener) {
    Listener.Builder placed =
        listener.toBuilder()
            .setStatPrefix("l")
            .setAddress(
                Address.newBuilder()
                    .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(0)));
    placed.clearFilterChains().clearDefaultFilterChain();
    listener.getFilterChainsList().stream()
        .filter(CompiledNode::http)
        .findFirst()
        .ifPresent(chain -> placed.addFilterChains(reachable(chain)));
    return placed.build();
  }

  private static boolean http(FilterChain chain) {
    return chain.getFilters(0).getTypedConfig().is(HttpConnectionManager.class);
  }

  /** Without the condition on the port, which is another here. */
  private static FilterChain reachable(FilterChain chain) {
    FilterChain.Builder open = chain.toBuilder().clearFilterChainMatch();
    Filter.Builder filter = open.getFiltersBuilder(0);
    filter.setTypedConfig(logging(filter.getTypedConfig()));
    return open.build();
  }

  private static Any logging(Any packed) {
    try {
      return Any.pack(
          packed.unpack(HttpConnectionManager.class).toBuilder()
              .addAccessLog(XdsDraft.accessLog())
              .build());
    } catch (InvalidProtocolBufferException e) {
      throw new ScenarioException("the compiler made no connection manager", e);
    }
  }
}
