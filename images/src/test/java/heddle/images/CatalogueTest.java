package heddle.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final Path ENVOY = Path.of("/opt/envoy/envoy");
  private static final Path WORKLOAD = Path.of("/opt/heddle/workload.jar");

  @TempDir Path scripts;
  private Catalogue catalogue;

  @BeforeEach
  void build() {
    catalogue = with(ImageFile.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "yuto425/appmesh_k8s_retry_test, heddle.workload.RetryTest",
    "docker.io/yuto425/appmesh_k8s_retry_test:latest, heddle.workload.RetryTest",
    "fawadkhaliq/colorapp:v2, heddle.workload.ColorApp",
    "fawadkhaliq/feapp, heddle.workload.FrontApp"
  })
  void startsTheWalkthroughsApplicationsOnTheJdk(String reference, String mainClass)
      throws Exception {
    var image = program(reference);

    assertThat(image.reference()).isEqualTo(reference);
    assertThat(image.entrypoint()).startsWith(JDK + "/bin/java").endsWith(mainClass);
    assertThat(image.hostPaths()).containsExactly(JDK, WORKLOAD);
    assertThat(image.tools()).contains("sh", "curl");
    assertThat(image.origin()).startsWith("built in: ");
  }

  @Test
  void showsVegetaWithAShellAndAScript() throws Exception {
    var image = program("fawadkhaliq/vegeta-trafficgen");

    assertThat(image.tools()).contains("sh", "bash", "curl", "jq", "tee");
    var script = image.files().get("/usr/local/bin/vegeta");
    assertThat(script).isExecutable().content().startsWith("#!/bin/sh\nexec '" + JDK);
    assertThat(image.environment().get("PATH")).contains("/usr/local/bin");
  }

  @ParameterizedTest
  @CsvSource({
    "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.12.1-prod, envoy, v1.29.12.1-prod",
    "840364872350.dkr.ecr.us-west-2.amazonaws.com/aws-appmesh-envoy:v1.15.1.0-prod, envoy,"
        + " v1.15.1.0-prod",
    "840364872350.dkr.ecr.us-west-2.amazonaws.com/aws-appmesh-proxy-route-manager:v3-prod,"
        + " proxyinit, v3-prod",
    "public.ecr.aws/appmesh/aws-appmesh-proxy-route-manager:v7-prod, proxyinit, v7-prod",
    "heddle/appmesh-controller:v1.13.1, appmesh-controller, v1.13.1"
  })
  void doesTheWorkOfSystemImagesItself(String reference, String program, String version)
      throws Exception {
    assertThat(catalogue.resolve(reference))
        .isInstanceOfSatisfying(
            Image.Builtin.class,
            image -> {
              assertThat(image.program()).isEqualTo(program);
              assertThat(image.version()).isEqualTo(version);
            });
  }

  @Test
  void letsTheHostsProgramsStandForBusybox() throws Exception {
    var image = program("docker.io/library/busybox:1.36");

    assertThat(image.entrypoint()).isEmpty();
    assertThat(image.command()).containsExactly("sh");
    assertThat(program("curlimages/curl:8.8.0").entrypoint()).containsExactly("curl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example/busybox", "busyboxes", "x/fawadkhaliq/colorapp"})
  void doesNotTakeALookAlikeForItsOwn(String reference) {
    assertThatThrownBy(() -> catalogue.resolve(reference))
        .isInstanceOf(ImageNotFoundException.class);
  }

  @Test
  void saysWhatToDoWithAnUnknownImage() {
    assertThatThrownBy(() -> catalogue.resolve("nginx:1.27"))
        .isInstanceOf(ImageNotFoundException.class)
        .hasMessageStartingWith("no image \"nginx:1.27\": Heddle does not pull from registries yet")
        .hasMessageContaining("{\"images\": {\"nginx\": {\"command\": [\"…\"]}}}")
        .hasMessageContaining("--images FILE");
  }

  @Test
  void saysThatThePlaceholderShouldHaveBeenReplaced() {
    assertThatThrownBy(() -> catalogue.resolve("dummy-value-to-be-overrriden-by-injector"))
        .hasMessageContaining("appmesh.k8s.aws/sidecarInjectorWebhook=enabled");
  }

  @Test
  void prefersTheUsersFile() throws Exception {
    catalogue = with(ImageFile.parse("my.yaml", "images: {busybox: [/opt/mine, --x]}"));

    var image = program("busybox:1");

    assertThat(image.entrypoint()).containsExactly("/opt/mine", "--x");
    assertThat(image.hostPaths()).contains(Path.of("/opt/mine"));
    assertThat(image.origin()).isEqualTo("from my.yaml");
  }

  @Test
  void refusesAJdkThatIsNotThere() {
    assertThatThrownBy(() -> new Programs(Path.of("/none"), List.of(), List.of(), scripts))
        .hasMessage("/none/bin/java is not there (expected: jdkHome is the home of a JDK)");
  }

  @Test
  void refusesRelativePaths() {
    var relative = List.of(Path.of("target/classes"));
    assertThatThrownBy(() -> new Programs(JDK, relative, List.of(), scripts))
        .hasMessageContaining("target/classes is relative");
    assertThat(Files.isDirectory(scripts)).isTrue();
  }

  @Test
  void thisMachinesEnvoyStandsForEnvoysImage() throws ImageNotFoundException {
    var envoy = program("envoyproxy/envoy:v1.40.0");

    assertThat(envoy.files()).isEqualTo(Map.of("/usr/local/bin/envoy", ENVOY));
    assertThat(envoy.origin()).isEqualTo("built in: this machine's Envoy, " + ENVOY);
  }

  @Test
  void saysHowToGetAnEnvoyWhereThereIsNone() {
    var without =
        new Catalogue(
            programs(),
            ImageFile.EMPTY,
            () -> {
              throw new ImageNotFoundException("get one");
            });

    assertThatThrownBy(() -> without.resolve("envoyproxy/envoy:v1.40.0"))
        .isInstanceOf(ImageNotFoundException.class)
        .hasMessage("get one");
  }

  private Catalogue with(ImageFile file) {
    return new Catalogue(programs(), file, () -> ENVOY);
  }

  private Programs programs() {
    return new Programs(JDK, List.of(WORKLOAD), List.of(Path.of("/opt/heddle/load.jar")), scripts);
  }

  private Image.Program program(String reference) throws ImageNotFoundException {
    return (Image.Program) catalogue.resolve(reference);
  }
}
