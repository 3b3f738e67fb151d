package heddle.bench.memory;

import heddle.bench.machine.Ports;
import heddle.bench.serving.MeshConfig;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.emit.StaticBootstrap;
import heddle.mesh.lint.Lint;
import heddle.mesh.lint.LintReport;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of a mesh, each as a file that Envoy and {@code Serving} start from. */
final class Walkthrough {
  private static final int ENDPOINTS = 5;
  private static final int FIRST_PORT = 8080;

  private final List<NodeConfig> nodes;

  private Walkthrough(List<NodeConfig> nodes) {
    this.nodes = nodes;
  }

  /** Compiles a manifest. */
  static Walkthrough of(Path manifest) throws IOException {
    LintReport report = new Lint().check(Map.of(manifest.toString(), Files.readString(manifest)));
    List<NodeConfig> nodes = List.copyOf(report.mesh().nodes().values());
    if (report.hasErrors() || nodes.isEmpty()) {
      throw new IOException(manifest + " has no mesh, or errors: " + report.diagnostics());
    }
    return new Walkthrough(nodes);
  }

  /**
   * A sidecar; which node it is goes round. Its ports are free ones of 127.0.0.1, since here no pod
   * keeps them apart, and each of its clusters has five endpoints.
   */
  Bootstrap sidecar(int number) throws IOException {
    NodeConfig node = nodes.get(number % nodes.size());
    Map<String, ClusterLoadAssignment> endpoints = new HashMap<>();
    for (String cluster : node.edsClusters()) {
      var ports = java.util.stream.IntStream.range(FIRST_PORT, FIRST_PORT + ENDPOINTS);
      endpoints.put(cluster, MeshConfig.endpoints(cluster, ports.boxed().toList()));
    }
    var out = StaticBootstrap.of(node, endpoints).bootstrap().toBuilder();
    out.getNodeBuilder().setId("sidecar-" + number);
    var admin = out.getAdminBuilder().getAddressBuilder().getSocketAddressBuilder();
    admin.setAddress("127.0.0.1").setPortValue(Ports.free());
    for (var listener : out.getStaticResourcesBuilder().getListenersBuilderList()) {
      var address = listener.getAddressBuilder().getSocketAddressBuilder();
      address.setAddress("127.0.0.1").setPortValue(Ports.free());
    }
    return out.build();
  }
}
