package heddle.bench.proxy;

import heddle.bench.machine.Child;
import heddle.bench.machine.Cpus;
import heddle.bench.machine.JavaChild;
import heddle.bench.machine.Ports;
import heddle.bench.machine.Tool;
import heddle.bench.origin.NginxFile;
import heddle.bench.serving.MeshConfig;
import heddle.bench.serving.Serving;
import heddle.envoy.EnvoyBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A proxy that takes part: one thread, keep-alive on both sides, statistics on, an access log into
 * a file. Each has two hops, the second in front of the first: one process for both in Heddle, as
 * in a cluster; one process each elsewhere.
 */
enum Contestant {
  HEDDLE {
    @Override
    String version() {
      return "this tree";
    }

    @Override
    Running start(Path directory, int origin, Cpus cpus) throws IOException, InterruptedException {
      int near = Ports.free();
      int far = Ports.free();
      Path first = bootstrap(directory, "first", near, origin);
      Path second = bootstrap(directory, "second", far, near);
      List<String> arguments = List.of(directory.toString(), first.toString(), second.toString());
      List<String> command = JavaChild.command(List.of(), Serving.class, arguments);
      Child child = Child.measured("heddle", command, directory, cpus);
      child.awaitPort(near, PATIENCE);
      child.awaitPort(far, PATIENCE);
      return new Running(this, List.of(child), near, far);
    }
  },

  ENVOY {
    @Override
    String version() throws IOException, InterruptedException {
      return EnvoyBinary.find(System.getenv()).version();
    }

    @Override
    Running start(Path directory, int origin, Cpus cpus) throws IOException, InterruptedException {
      int near = Ports.free();
      Child first = envoy(directory, "first", near, origin, cpus);
      int far = Ports.free();
      Child second = envoy(directory, "second", far, near, cpus);
      return new Running(this, List.of(first, second), near, far);
    }

    private Child envoy(Path directory, String hop, int listen, int upstream, Cpus cpus)
        throws IOException, InterruptedException {
      var command =
          List.of(
              EnvoyBinary.find(System.getenv()).path().toString(),
              "--config-path",
              bootstrap(directory, hop, listen, upstream).toString(),
              "--concurrency",
              "1",
              "--disable-hot-restart",
              "--log-level",
              "warn");
      return started(Child.measured("envoy-" + hop, command, directory, cpus), listen);
    }
  },

  NGINX {
    private static final String CONFIG =
        """
        events { worker_connections 8192; }
        http {
          log_format envoy '[$time_iso8601] "$request" $status - $request_length $body_bytes_sent '
            '$request_time $upstream_response_time "$http_x_forwarded_for" "$http_user_agent" '
            '"$request_id" "$http_host" "$upstream_addr"';
          access_log %3$s envoy buffer=64k flush=10s;
          keepalive_requests 1000000000; keepalive_timeout 1h;
          client_max_body_size 0; client_body_buffer_size 128k;
          upstream up { server 127.0.0.1:%2$d; keepalive 1024; keepalive_requests 1000000000; }
          server {
            listen 127.0.0.1:%1$d backlog=4096;
            location = /nginx-status { stub_status; }
            location / {
              proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection '';
              proxy_request_buffering off; proxy_buffers 16 8k; proxy_max_temp_file_size 0;
            }
          }
        """;

    @Override
    String version() throws IOException, InterruptedException {
      return Tool.run(List.of("nginx", "-v")).replaceAll("(?s).*nginx/(\\S+).*", "$1");
    }

    @Override
    Running start(Path directory, int origin, Cpus cpus) throws IOException, InterruptedException {
      int near = Ports.free();
      Child first = nginx(directory, "first", near, origin, cpus);
      int far = Ports.free();
      Child second = nginx(directory, "second", far, near, cpus);
      return new Running(this, List.of(first, second), near, far);
    }

    private Child nginx(Path directory, String hop, int listen, int upstream, Cpus cpus)
        throws IOException, InterruptedException {
      String name = "nginx-" + hop;
      String http = CONFIG.formatted(listen, upstream, directory.resolve(name + ".out"));
      var command = List.of("nginx", "-c", NginxFile.write(directory, name, http).toString());
      return started(Child.measured(name, command, directory, cpus), listen);
    }
  },

  HAPROXY {
    private static final String CONFIG =
        """
        global
          nbthread 1
          maxconn 8192
          log stdout format raw local0
        defaults
          mode http
          log global
          option httplog
          timeout connect 5s
          timeout client 1h
          timeout server 1h
          http-reuse always
        frontend listener
          bind 127.0.0.1:%1$d
          stats enable
          default_backend upstream
        backend upstream
          server origin 127.0.0.1:%2$d
        """;

    @Override
    String version() throws IOException, InterruptedException {
      String said = Tool.run(List.of("haproxy", "-v"));
      return said.replaceAll("(?s).*?version (\\S+).*", "$1");
    }

    @Override
    Running start(Path directory, int origin, Cpus cpus) throws IOException, InterruptedException {
      int near = Ports.free();
      Child first = haproxy(directory, "first", near, origin, cpus);
      int far = Ports.free();
      Child second = haproxy(directory, "second", far, near, cpus);
      return new Running(this, List.of(first, second), near, far);
    }

    private Child haproxy(Path directory, String hop, int listen, int upstream, Cpus cpus)
        throws IOException, InterruptedException {
      String name = "haproxy-" + hop;
      Path config = directory.resolve(name + ".cfg");
      Files.writeString(config, CONFIG.formatted(listen, upstream));
      var command = List.of("haproxy", "-db", "-f", config.toString());
      return started(Child.measured(name, command, directory, cpus), listen);
    }
  };

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What the program calls its version. */
  abstract String version() throws IOException, InterruptedException;

  /** Starts both hops in front of the origin. */
  abstract Running start(Path directory, int origin, Cpus cpus)
      throws IOException, InterruptedException;

  String label() {
    return switch (this) {
      case HEDDLE -> "Heddle";
      case ENVOY -> "Envoy";
      case NGINX -> "nginx";
      case HAPROXY -> "HAProxy";
    };
  }

  Path bootstrap(Path directory, String hop, int listen, int upstream) throws IOException {
    String name = name().toLowerCase(java.util.Locale.ROOT) + "-" + hop;
    byte[] message = MeshConfig.hop(name, listen, upstream, Ports.free()).toByteArray();
    return Files.write(directory.resolve(name + ".pb"), message);
  }

  Child started(Child child, int port) throws IOException, InterruptedException {
    try {
      child.awaitPort(port, PATIENCE);
      return child;
    } catch (IOException e) {
      child.close();
      throw e;
    }
  }

  /**
   * One that runs.
   *
   * @param processes the first hop's first; the second hop's is the last, perhaps the same
   * @param near where one hop is entered
   * @param far where two hops are entered
   */
  record Running(Contestant who, List<Child> processes, int near, int far)
      implements AutoCloseable {

    int port(int hops) {
      return hops == 1 ? near : far;
    }

    double cpuSeconds() throws IOException {
      double sum = 0;
      for (Child child : processes) {
        sum += child.cpuSeconds();
      }
      return sum;
    }

    /** Of the processes that so many hops need. */
    long residentBytes(int hops) throws IOException {
      long sum = 0;
      for (Child child : processes.subList(0, Math.min(hops, processes.size()))) {
        sum += child.residentBytes();
      }
      return sum;
    }

    void forgetLogs() throws IOException {
      for (Child child : processes) {
        child.truncateOutput();
      }
    }

    @Override
    public void close() {
      processes.forEach(Child::close);
    }
  }
}
