package heddle.cli.home;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;

/**
 * What a cluster keeps the same over restarts, so that kubeconfigs and scripts stay right.
 *
 * @param clusterId names the cluster's namespaces and in-process channels; unique on the machine
 * @param apiPort the API server's port on 127.0.0.1
 * @param adsPort the ADS server's port on 127.0.0.1
 */
public record Settings(String clusterId, int apiPort, int adsPort) {

  /** Reads the settings, or chooses them at the first start. */
  public static Settings of(ClusterHome home) throws IOException {
    Path file = home.settings();
    if (Files.exists(file)) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      }
      return new Settings(
          properties.getProperty("clusterId"),
          Integer.parseInt(properties.getProperty("apiPort")),
          Integer.parseInt(properties.getProperty("adsPort")));
    }
    Settings chosen = choose();
    chosen.write(file);
    return chosen;
  }

  private static Settings choose() throws IOException {
    String id = UUID.randomUUID().toString().substring(0, 6);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    // Both are held at once, so that they differ.
    try (ServerSocket api = new ServerSocket(0, 1, loopback);
        ServerSocket ads = new ServerSocket(0, 1, loopback)) {
      return new Settings(id, api.getLocalPort(), ads.getLocalPort());
    }
  }

  private void write(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("clusterId", clusterId);
    properties.setProperty("apiPort", Integer.toString(apiPort));
    properties.setProperty("adsPort", Integer.toString(adsPort));
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }
}
