package heddle.cli.home;

import heddle.control.inject.DataPlane;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster keeps the same over restarts, so that kubeconfigs and scripts stay right.
 *
 * @param clusterId names the cluster's namespaces and in-process channels; unique on the machine
 * @param apiPort the API server's port on 127.0.0.1
 * @param adsPort the ADS server's port on 127.0.0.1
 * @param dataPlane of pods that do not choose one
 */
public record Settings(String clusterId, int apiPort, int adsPort, DataPlane dataPlane) {

  /** Reads the settings of a cluster that was started before. */
  public static Settings of(ClusterHome home) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(home.settings())) {
      properties.load(reader);
    }
    return new Settings(
        properties.getProperty("clusterId"),
        Integer.parseInt(properties.getProperty("apiPort")),
        Integer.parseInt(properties.getProperty("adsPort")),
        DataPlane.valueOf(
            properties.getProperty("dataPlane", "embedded").toUpperCase(Locale.ROOT)));
  }

  /** What the cluster's pods get that do not choose; empty before its first start. */
  public static Optional<DataPlane> dataPlane(ClusterHome home) throws IOException {
    return Files.exists(home.settings()) ? Optional.of(of(home).dataPlane()) : Optional.empty();
  }

  /**
   * The settings of a cluster that is about to start: chosen at its first start, and the same from
   * then on but for a port that another process has taken meanwhile.
   *
   * @param dataPlane null for the one it had before, embedded at first
   * @param notes is told of each port that had to be replaced
   */
  public static Settings forStart(
      ClusterHome home, @Nullable DataPlane dataPlane, Consumer<String> notes) throws IOException {
    boolean first = !Files.exists(home.settings());
    Settings before = first ? fresh() : of(home);
    // Both are held at once, so that they differ.
    try (ServerSocket api = held(before.apiPort());
        ServerSocket ads = held(before.adsPort())) {
      Settings now =
          new Settings(
              before.clusterId(),
              api.getLocalPort(),
              ads.getLocalPort(),
              dataPlane == null ? before.dataPlane() : dataPlane);
      if (!now.equals(before)) {
        now.write(home.settings());
      }
      if (!first) {
        replaced("the API server", before.apiPort(), now.apiPort()).ifPresent(notes);
        replaced("the ADS server", before.adsPort(), now.adsPort()).ifPresent(notes);
      }
      return now;
    }
  }

  private static Settings fresh() {
    String id = UUID.randomUUID().toString().substring(0, 6);
    return new Settings(id, 0, 0, DataPlane.EMBEDDED);
  }

  /** A port, or any free one where another process has it. */
  private static ServerSocket held(int port) throws IOException {
    try {
      return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    } catch (BindException e) {
      return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
  }

  private static Optional<String> replaced(String whose, int before, int now) {
    return before == now
        ? Optional.empty()
        : Optional.of(
            "port %d of 127.0.0.1 is taken by another process; %s has %d from now on"
                .formatted(before, whose, now));
  }

  private void write(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("clusterId", clusterId);
    properties.setProperty("apiPort", Integer.toString(apiPort));
    properties.setProperty("adsPort", Integer.toString(adsPort));
    properties.setProperty("dataPlane", dataPlane.word());
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }
}
