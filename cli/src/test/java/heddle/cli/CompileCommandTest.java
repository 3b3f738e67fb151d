package heddle.cli;

import static heddle.cli.BadManifests.MESH;
import static heddle.cli.BadManifests.NODE;
import static heddle.cli.BadManifests.ROUTER;
import static heddle.cli.Program.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle compile}: what manifests become, without a cluster. */
class CompileCommandTest {

  /** A second node, which calls the first. */
  private static final String FRONT =
      """
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata:
        name: front
        namespace: shop
      spec:
        podSelector:
          matchLabels:
            app: front
        listeners:
          - portMapping:
              port: 8080
              protocol: http
        backends:
          - virtualService:
              virtualServiceRef:
                name: cart
        serviceDiscovery:
          dns:
            hostname: front.shop.svc.cluster.local
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualService
      metadata:
        name: cart
        namespace: shop
      spec:
        awsName: cart.shop.svc.cluster.local
        provider:
          virtualRouter:
            virtualRouterRef:
              name: cart
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: cart
        namespace: shop
      spec:
        selector:
          app: cart
        ports:
          - port: 8080
      """;

  private static final String POD =
      """
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: cart-1
        namespace: shop
        labels:
          app: cart
      spec:
        containers:
          - name: app
            image: cart
      status:
        podIP: 10.244.0.9
        phase: Running
        conditions:
          - type: Ready
            status: "True"
      """;

  private static final String SHOP = MESH + NODE + "---\n" + ROUTER + FRONT;

  @TempDir private Path folder;

  @Test
  void xdsIsAListOfNodesWithWhatEachIsServed() throws IOException {
    JsonNode nodes = read(compile(SHOP + POD));

    assertThat(nodes.findValuesAsText("node"))
        .containsExactly("mesh/shop/virtualNode/cart_shop", "mesh/shop/virtualNode/front_shop");
    JsonNode front = nodes.path(1);
    assertThat(front.path("listeners")).hasSize(2);
    assertThat(front.path("routes")).hasSize(2);
    assertThat(
            front
                .at("/endpoints/0/endpoints/0/lb_endpoints/0/endpoint/address/socket_address")
                .path("address")
                .asText())
        .isEqualTo("10.244.0.9");
  }

  @Test
  void modelSaysWhichFieldEachPartCameFrom() throws IOException {
    JsonNode nodes = read(compile(SHOP, "-o", "model", "--node", "front_shop"));

    assertThat(nodes).hasSize(1);
    JsonNode route = nodes.at("/0/routeTables").findParents("action").get(1);
    assertThat(route.at("/match/path").toString()).isEqualTo("{\"is\":\"Prefix\",\"value\":\"/\"}");
    assertThat(route.at("/from/name").asText()).isEqualTo("cart");
    assertThat(route.at("/from/field").asText()).startsWith("spec.routes[0]");
  }

  @Test
  void envoyIsABootstrapOfOneNodeAndSaysWhichPodsItDoesNotKnow() throws IOException {
    Program.Outcome outcome = compile(SHOP, "-o", "envoy", "--node", "front_shop");

    JsonNode bootstrap = read(outcome);
    assertThat(bootstrap.at("/node/id").asText()).isEqualTo("mesh/shop/virtualNode/front_shop");
    assertThat(bootstrap.at("/static_resources/listeners")).hasSize(2);
    assertThat(bootstrap.at("/static_resources/clusters").findValuesAsText("type"))
        .doesNotContain("EDS");
    assertThat(outcome.err()).contains("no endpoints for cds_egress_shop_cart_shop_http_8080");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void envoyNeedsANodeToBeChosen() throws IOException {
    Program.Outcome outcome = compile(SHOP, "-o", "envoy");

    assertThat(outcome.err()).contains("for which node?", "mesh/shop/virtualNode/cart_shop");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void anUnknownNodeIsRefusedWithThoseThatThereAre() throws IOException {
    Program.Outcome outcome = compile(SHOP, "--node", "till");

    assertThat(outcome.err()).contains("no node 'till'", "mesh/shop/virtualNode/cart_shop");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void whatIsWrongGoesToStandardErrorAndWhatIsRightIsShownAllTheSame() throws IOException {
    Program.Outcome outcome = compile(MESH + NODE + "---\n" + BadManifests.NEGATIVE);

    assertThat(outcome.err()).contains("maxRetries: -1 (expected: >= 0)", "1 error in 1 file");
    assertThat(read(outcome)).hasSize(1);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  private static JsonNode read(Program.Outcome outcome) throws IOException {
    return new ObjectMapper().readTree(outcome.out());
  }

  private Program.Outcome compile(String manifest, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("mesh.yaml"), manifest);
    return heddle(
        Stream.concat(Stream.of("compile", "-f", file.toString()), Stream.of(more))
            .toArray(String[]::new));
  }
}
