package heddle.bench.origin;

import heddle.bench.machine.Child;
import heddle.bench.machine.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Who answers: an nginx with one worker. GET {@code /1024} and {@code /65536} have bodies of that
 * size; a POST is read whole, then answered with a few bytes.
 */
public final class Origin implements AutoCloseable {
  /** What POST asks for. */
  public static final String POST_PATH = "/post";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  // mirror makes nginx read the request's body before it answers; a plain "return" would answer at
  // once, and proxies must then close the connection.
  private static final String CONFIG =
      """
      events { worker_connections 8192; }
      http {
        access_log off; sendfile on; tcp_nopush on; open_file_cache max=10;
        keepalive_requests 1000000000; keepalive_timeout 1h;
        client_max_body_size 0; client_body_buffer_size 128k;
        server {
          listen 127.0.0.1:%1$d backlog=4096;
          default_type text/plain;
          root %2$s;
          location = /1024 { return 200 "%3$s"; }
          location = /post { mirror /read-the-body; error_page 405 =200 /posted; }
          location = /read-the-body { internal; return 204; }
        }
      """;

  private final Child nginx;
  private final int port;

  private Origin(Child nginx, int port) {
    this.nginx = nginx;
    this.port = port;
  }

  /** Starts one; its files are in the directory under its name. */
  public static Origin start(Path directory, String name) throws IOException, InterruptedException {
    Path files = Files.createDirectories(directory.resolve("www"));
    Files.writeString(files.resolve("65536"), "x".repeat(65536));
    Files.writeString(files.resolve("post"), "for the method GET only");
    Files.writeString(files.resolve("posted"), "read\n");
    int port = Ports.free();
    String http = CONFIG.formatted(port, files, "x".repeat(1024));
    Path config = NginxFile.write(directory, name, http);
    Child nginx = Child.start(name, List.of("nginx", "-c", config.toString()), directory);
    nginx.awaitPort(port, PATIENCE);
    return new Origin(nginx, port);
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    nginx.close();
  }
}
