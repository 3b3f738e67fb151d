package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a resource that compiles, and that a real Envoy refuses all the same. */
@Tag("walkthrough")
class EnvoyRefusalTest {

  private static final String CLUSTER = "refusal";
  private static final String NAMESPACE = "howto-k8s-retry-policy";
  private static final String ROUTE = "    - name: color-route\n";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path home;

  @Test
  void theResourceSaysInWhichFieldAndLineUntilItIsRight() throws IOException {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    Requirements.needEnvoy();
    String good = Files.readString(Examples.manifest("retry"));
    // Envoy takes only regular expressions that are small once compiled.
    String bad = good.replace("match: {prefix: /}", "match: {path: {regex: \"/(abc|def){60}\"}}");
    Path manifest = Files.writeString(home.resolve("mesh.yaml"), good);
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      up(line, manifest, "--data-plane", "envoy");

      Files.writeString(manifest, bad);
      up(line, manifest);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                JsonNode accepted = accepted(line);
                assertThat(accepted.path("status").asText()).isEqualTo("False");
                assertThat(accepted.path("message").asText())
                    .startsWith("spec.routes[0] (" + manifest + ":" + lineOf(ROUTE, bad) + "): ")
                    .contains("regex '/(abc|def){60}' RE2 program size");
              });
      assertThat(answer(line)).as("the last good configuration still serves").isEqualTo("ok");

      Files.writeString(manifest, good);
      up(line, manifest);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(accepted(line).path("status").asText()).isEqualTo("True"));
    }
  }

  private static void up(HeddleCommandLine line, Path manifest, String... more) {
    List<String> words = List.of("up", "--name", CLUSTER, "--detach", "-f", manifest.toString());
    line.heddle(Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new)).succeeded();
  }

  private static long lineOf(String part, String text) {
    return text.substring(0, text.indexOf(part)).lines().count() + 1;
  }

  private static JsonNode accepted(HeddleCommandLine line) throws IOException {
    String router =
        line.shell(CLUSTER, "kubectl get virtualrouter color -o json -n " + NAMESPACE)
            .succeeded()
            .out();
    JsonNode conditions = new ObjectMapper().readTree(router).at("/status/conditions");
    return StreamSupport.stream(conditions.spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals("DataPlaneAccepted"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no condition yet: " + conditions));
  }

  private static String answer(HeddleCommandLine line) {
    return line.shell(
            CLUSTER,
            "kubectl exec deploy/front -c app -n %s -- curl -s color.%s.svc.cluster.local:5000/ok"
                .formatted(NAMESPACE, NAMESPACE))
        .succeeded()
        .out()
        .strip();
  }
}
