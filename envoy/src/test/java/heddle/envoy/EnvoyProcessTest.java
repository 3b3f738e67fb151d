package heddle.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy, without any pod. */
class EnvoyProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String ADMIN_ONLY =
      "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}\n";

  private static EnvoyBinary binary;

  @TempDir private Path folder;

  @BeforeAll
  static void findEnvoy() {
    try {
      binary = EnvoyBinary.find(System.getenv());
    } catch (EnvoyMissingException e) {
      if ("1".equals(System.getenv("HEDDLE_REQUIRE_ALL"))) {
        throw e;
      }
      System.err.println("SKIPPED: " + e.getMessage());
      abort(e.getMessage());
    }
  }

  @Test
  void servesItsAdminPagesUntilItIsClosed() throws Exception {
    List<String> output = new CopyOnWriteArrayList<>();
    EnvoyProcess envoy = EnvoyProcess.start(binary, bootstrap(ADMIN_ONLY), output::add);
    try (envoy) {
      envoy.awaitReady(PATIENCE);

      assertThat(envoy.get("/server_info")).contains(binary.version());
      assertThat(envoy.post("/drain_listeners")).contains("OK");
    }

    assertThat(envoy.alive()).isFalse();
    assertThat(ProcessHandle.of(envoy.pid())).isEmpty();
    assertThat(output).anyMatch(line -> line.contains("starting main dispatch loop"));
  }

  @Test
  void severalRunSideBySide() throws Exception {
    try (EnvoyProcess one = EnvoyProcess.start(binary, bootstrap(ADMIN_ONLY), line -> {});
        EnvoyProcess other = EnvoyProcess.start(binary, bootstrap(ADMIN_ONLY), line -> {})) {
      one.awaitReady(PATIENCE);
      other.awaitReady(PATIENCE);

      assertThat(one.admin()).isNotEqualTo(other.admin());
    }
  }

  @Test
  void aRefusedBootstrapIsToldInEnvoysOwnWords() throws Exception {
    Path wrong = bootstrap(ADMIN_ONLY + "no_such_field: 1\n");

    try (EnvoyProcess envoy = EnvoyProcess.start(binary, wrong, line -> {})) {
      assertThatThrownBy(() -> envoy.awaitReady(PATIENCE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Envoy ended with 1")
          .hasMessageContaining("no_such_field");
    }
  }

  private Path bootstrap(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "bootstrap", ".yaml"), text);
  }
}
