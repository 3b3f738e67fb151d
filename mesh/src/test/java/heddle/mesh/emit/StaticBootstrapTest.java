package heddle.mesh.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import heddle.envoy.EnvoyBinary;
import heddle.envoy.EnvoyMissingException;
import heddle.mesh.CompiledMesh;
import heddle.mesh.input.Pod;
import heddle.mesh.lint.Lint;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every node of every case below {@code spec/}, as a file that Envoy starts from. */
class StaticBootstrapTest {

  private static final Path SPEC = Path.of("..", "spec");

  @TempDir private Path folder;

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.walk(SPEC)) {
      return files
          .filter(file -> file.getFileName().toString().equals("manifest.yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void asksNobodyForAnything(Path manifest) throws IOException {
    for (StaticBootstrap file : bootstraps(manifest)) {
      assertThat(new XdsJson().print(file.bootstrap()))
          .doesNotContain("\"ads\"", "\"rds\"", "\"eds_cluster_config\"", "\"EDS\"");
    }
  }

  @Test
  void hasTheEndpointsOfPodsThatAreKnownAndNamesTheClustersOfThoseThatAreNot() throws IOException {
    CompiledMesh mesh =
        compile(SPEC.resolve("appmesh/walkthrough/outlier-detection/manifest.yaml"));
    NodeConfig gateway =
        mesh.nodes().values().stream()
            .filter(node -> node.nodeId().contains("virtualGateway"))
            .findFirst()
            .orElseThrow();
    String front = gateway.edsClusters().getFirst();
    String namespace = gateway.owner().namespace();
    Pod pod = new Pod(namespace, "front-1", "10.0.0.7", Map.of("app", "front"), Map.of(), true);

    StaticBootstrap known = StaticBootstrap.of(gateway, mesh.endpoints(List.of(pod)));
    StaticBootstrap unknown = StaticBootstrap.of(gateway, mesh.endpoints(List.of()));

    Cluster cluster =
        known.bootstrap().getStaticResources().getClustersList().stream()
            .filter(one -> one.getName().equals(front))
            .findFirst()
            .orElseThrow();
    assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.STATIC);
    assertThat(
            cluster
                .getLoadAssignment()
                .getEndpoints(0)
                .getLbEndpoints(0)
                .getEndpoint()
                .getAddress()
                .getSocketAddress()
                .getAddress())
        .isEqualTo("10.0.0.7");
    assertThat(known.withoutEndpoints()).doesNotContain(front);
    assertThat(unknown.withoutEndpoints()).contains(front);
  }

  @Test
  void aStockEnvoyAcceptsEachOfThem() throws Exception {
    String envoy = envoy().path().toString();
    for (Path manifest : manifests()) {
      for (StaticBootstrap file : bootstraps(manifest)) {
        Path json = folder.resolve("bootstrap.json");
        Files.writeString(json, new XdsJson().print(file.bootstrap()));
        Process validation =
            new ProcessBuilder(envoy, "--mode", "validate", "-l", "error", "-c", json.toString())
                .redirectErrorStream(true)
                .start();
        String said =
            new String(validation.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(validation.waitFor()).as("%s: %s", manifest, said).isZero();
      }
    }
  }

  private static EnvoyBinary envoy() {
    try {
      return EnvoyBinary.find(System.getenv());
    } catch (EnvoyMissingException e) {
      if ("1".equals(System.getenv("HEDDLE_REQUIRE_ALL"))) {
        throw e;
      }
      System.err.println("SKIPPED: " + e.getMessage());
      return abort(e.getMessage());
    }
  }

  private static List<StaticBootstrap> bootstraps(Path manifest) {
    CompiledMesh mesh = compile(manifest);
    return mesh.nodes().values().stream()
        .map(node -> StaticBootstrap.of(node, mesh.endpoints(List.of())))
        .toList();
  }

  private static CompiledMesh compile(Path manifest) {
    try {
      return new Lint().check(Map.of("manifest.yaml", Files.readString(manifest))).mesh();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
