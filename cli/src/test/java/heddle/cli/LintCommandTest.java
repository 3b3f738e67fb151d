package heddle.cli;

import static heddle.cli.Program.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code heddle lint} says of bad manifests: one clear message each, with file, line and
 * column.
 */
class LintCommandTest {

  private static final String MESH =
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        labels:
          mesh: shop
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: Mesh
      metadata:
        name: shop
      spec:
        namespaceSelector:
          matchLabels:
            mesh: shop
      ---
      """;

  private static final String NODE =
      """
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata:
        name: cart
        namespace: shop
      spec:
        podSelector:
          matchLabels:
            app: cart
        listeners:
          - portMapping:
              port: 8080
              protocol: http
        serviceDiscovery:
          dns:
            hostname: cart.shop.svc.cluster.local
      """;

  private static final String ROUTER =
      """
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualRouter
      metadata:
        name: cart
        namespace: shop
      spec:
        listeners:
          - portMapping:
              port: 8080
              protocol: http
        routes:
          - name: all
            httpRoute:
              match:
                prefix: /
              action:
                weightedTargets:
                  - virtualNodeRef:
                      name: cart
                    weight: 1
              retryPolicy:
                maxRetries: 2
                perRetryTimeout:
                  unit: s
                  value: 2
                tcpRetryEvents:
                  - connection-error
      """;

  @TempDir private Path folder;

  @Test
  void aGoodManifestHasNothingSaidOfIt() throws IOException {
    Program.Outcome outcome = lint(MESH + NODE + "---\n" + ROUTER);

    assertThat(outcome.out()).doesNotContain("error");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aMisspeltFieldIsNamedWithItsLineAndTheFieldThatWasMeant() throws IOException {
    Program.Outcome outcome = lint(MESH + NODE.replace("podSelector", "podSelectr"));

    assertThat(outcome.out()).contains("mesh.yaml:23:3", "podSelectr", "podSelector");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aNegativeRetryCountIsNamedWithItsFieldAndWhatIsExpected() throws IOException {
    Program.Outcome outcome =
        lint(MESH + NODE + "---\n" + ROUTER.replace("maxRetries: 2", "maxRetries: -1"));

    assertThat(outcome.out())
        .contains("mesh.yaml:", "spec.routes[0].httpRoute.retryPolicy.maxRetries", "-1", ">= 0");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aRouteToAVirtualNodeThatDoesNotExistIsNamed() throws IOException {
    Program.Outcome outcome = lint(MESH + ROUTER);

    assertThat(outcome.out()).contains("mesh.yaml:", "weightedTargets[0]", "cart");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aDuplicateIsNamedWithBothPlaces() throws IOException {
    Program.Outcome outcome = lint(MESH + NODE + "---\n" + NODE);

    assertThat(outcome.out()).contains("VirtualNode shop/cart").containsIgnoringCase("duplicate");
    assertThat(outcome.out()).contains("mesh.yaml:17", "mesh.yaml:34");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aDocumentOfTenMebibytesIsRefusedBeforeItIsParsed() throws IOException {
    Program.Outcome outcome = lint("data: " + "x".repeat(10 * 1024 * 1024) + "\n");

    assertThat(outcome.out()).contains("mesh.yaml:1:1", "8388608 characters");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aYamlBombIsRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
    for (int level = 1; level < 12; level++) {
      String below = "*a" + (level - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(level, level, (below + ",").repeat(8) + below));
    }

    Program.Outcome outcome = lint(bomb.toString());

    assertThat(outcome.out()).contains("mesh.yaml:").containsIgnoringCase("alias");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  private Program.Outcome lint(String manifest, String... more) throws IOException {
    Path file = folder.resolve("mesh.yaml");
    Files.writeString(file, manifest);
    return heddle(
        Stream.concat(Stream.of("lint", "-f", file.toString()), Stream.of(more))
            .toArray(String[]::new));
  }
}
