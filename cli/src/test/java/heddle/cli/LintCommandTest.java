package heddle.cli;

import static heddle.cli.BadManifests.MESH;
import static heddle.cli.BadManifests.NODE;
import static heddle.cli.BadManifests.ROUTER;
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

  @TempDir private Path folder;

  @Test
  void aGoodManifestHasNothingSaidOfIt() throws IOException {
    Program.Outcome outcome = lint(MESH + NODE + "---\n" + ROUTER);

    assertThat(outcome.out()).doesNotContain("error");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aMisspeltFieldIsNamedWithItsLineAndTheFieldThatWasMeant() throws IOException {
    Program.Outcome outcome = lint(MESH + BadManifests.MISSPELT);

    assertThat(outcome.out()).contains("mesh.yaml:23:3", "podSelectr", "podSelector");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aNegativeRetryCountIsNamedWithItsFieldAndWhatIsExpected() throws IOException {
    Program.Outcome outcome = lint(MESH + NODE + "---\n" + BadManifests.NEGATIVE);

    assertThat(outcome.out())
        .contains("mesh.yaml:", "spec.routes[0].httpRoute.retryPolicy.maxRetries", "-1", ">= 0");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aRouteToAVirtualNodeThatDoesNotExistIsNamed() throws IOException {
    Program.Outcome outcome = lint(MESH + BadManifests.DANGLING);

    assertThat(outcome.out()).contains("mesh.yaml:", "weightedTargets[0]", "cart");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aDuplicateIsNamedWithBothPlaces() throws IOException {
    Program.Outcome outcome = lint(MESH + BadManifests.DUPLICATE);

    assertThat(outcome.out()).contains("VirtualNode shop/cart").containsIgnoringCase("duplicate");
    assertThat(outcome.out()).contains("mesh.yaml:17", "mesh.yaml:34");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aDocumentOfTenMebibytesIsRefusedBeforeItIsParsed() throws IOException {
    Program.Outcome outcome = lint(BadManifests.tenMebibytes());

    assertThat(outcome.out()).contains("mesh.yaml:1:1", "8388608 characters");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void aYamlBombIsRefused() throws IOException {
    Program.Outcome outcome = lint(BadManifests.bomb());

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
