package heddle.differential;

import heddle.envoy.EnvoyBinary;
import heddle.envoy.EnvoyProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real Envoy with one worker. It drains at once, as the embedded proxy does: by default every
 * response would draw lots.
 */
final class EnvoyPlane implements DataPlane {
  private static final String BOOTSTRAP =
      """
      node: {id: envoy, cluster: %s}
      admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
      dynamic_resources:
        ads_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: ads}}]}
        cds_config: {ads: {}, resource_api_version: V3}
        lds_config: {ads: {}, resource_api_version: V3}
      static_resources:
        clusters:
        - name: ads
          type: STATIC
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: {http2_protocol_options: {}}
          load_assignment:
            cluster_name: ads
            endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
      """;

  private final List<LogLine> log = new CopyOnWriteArrayList<>();
  private final List<String> words = new CopyOnWriteArrayList<>();
  private final Path bootstrap;
  private final EnvoyProcess process;

  EnvoyPlane(EnvoyBinary binary, ControlPlane control) throws IOException {
    bootstrap = Files.createTempFile("heddle-differential", ".yaml");
    Files.writeString(bootstrap, BOOTSTRAP.formatted(ControlPlane.KEY, control.port()));
    process =
        EnvoyProcess.start(
            binary,
            bootstrap,
            this::line,
            "-l",
            System.getProperty("heddle.traffic.envoyLog", "warning"),
            "--drain-strategy",
            "immediate",
            "--file-flush-interval-msec",
            "10");
  }

  private void line(String line) {
    if (LogLine.is(line)) {
      log.add(LogLine.read(line));
    } else {
      words.add(line);
    }
  }

  @Override
  public void awaitReady() throws IOException, InterruptedException {
    process.awaitReady(Duration.ofSeconds(60));
  }

  @Override
  public InetSocketAddress admin() throws IOException {
    return process.admin();
  }

  @Override
  public List<LogLine> log() {
    return List.copyOf(log);
  }

  @Override
  public String words() {
    return String.join("\n", words);
  }

  @Override
  public void close() throws IOException {
    process.close();
    Files.deleteIfExists(bootstrap);
  }
}
