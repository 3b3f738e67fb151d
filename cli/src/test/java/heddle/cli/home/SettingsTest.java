package heddle.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.control.inject.DataPlane;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir private Path directory;
  private final List<String> notes = new ArrayList<>();
  private ClusterHome home;

  @BeforeEach
  void create() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    home = new ClusterHome("test", data, directory.resolve("kubeconfig"));
  }

  @Test
  void staysTheSameOverRestarts() throws Exception {
    Settings first = Settings.forStart(home, null, notes::add);
    assertThat(Settings.forStart(home, null, notes::add)).isEqualTo(first);
    assertThat(Settings.of(home)).isEqualTo(first);
    assertThat(notes).isEmpty();
  }

  @Test
  void keepsTheDataPlaneUntilAnotherIsAskedFor() throws Exception {
    assertThat(Settings.dataPlane(home)).isEmpty();
    assertThat(Settings.forStart(home, null, notes::add).dataPlane()).isEqualTo(DataPlane.EMBEDDED);
    Settings.forStart(home, DataPlane.ENVOY, notes::add);
    assertThat(Settings.forStart(home, null, notes::add).dataPlane()).isEqualTo(DataPlane.ENVOY);
    assertThat(Settings.dataPlane(home)).contains(DataPlane.ENVOY);
  }

  @Test
  void replacesAPortThatAnotherProcessHasTakenAndSaysSo() throws Exception {
    Settings first = Settings.forStart(home, null, notes::add);
    try (ServerSocket other =
        new ServerSocket(first.apiPort(), 1, InetAddress.getLoopbackAddress())) {
      Settings second = Settings.forStart(home, null, notes::add);
      assertThat(second.apiPort()).isNotEqualTo(other.getLocalPort());
      assertThat(second.adsPort()).isEqualTo(first.adsPort());
      assertThat(second.clusterId()).isEqualTo(first.clusterId());
      assertThat(Settings.of(home)).isEqualTo(second);
      assertThat(notes)
          .containsExactly(
              "port %d of 127.0.0.1 is taken by another process; the API server has %d from now on"
                  .formatted(first.apiPort(), second.apiPort()));
    }
  }
}
