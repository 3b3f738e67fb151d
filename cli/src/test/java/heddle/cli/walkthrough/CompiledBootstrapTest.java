package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.envoy.EnvoyBinary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code heddle compile -o envoy}: a stock Envoy that has nothing but this file serves the routes
 * of the walkthroughs. Envoy, the server behind it and curl run in a network namespace of their
 * own, where the ports of the file are free and traffic can be redirected.
 */
@Tag("walkthrough")
class CompiledBootstrapTest {

  /** Arguments: the JDK, Envoy, its file, the server's port and its folder; then come curl's. */
  private static final String SCRIPT =
      """
      set -e
      ip link set lo up
      nft add table ip pod
      nft 'add chain ip pod out { type nat hook output priority -100; }'
      nft add rule ip pod out ip daddr 127.0.0.3 tcp dport 5000 redirect to :15001
      jdk=$1 envoy=$2 file=$3 port=$4 folder=$5
      shift 5
      "$jdk/bin/java" -m jdk.httpserver -b 127.0.0.2 -p "$port" -d "$folder" >&2 &
      "$envoy" -c "$file" -l error --disable-hot-restart --concurrency 1 >&2 &
      answers() { curl -sf -m 2 -o /dev/null "$1"; }
      for attempt in $(seq 300); do
        answers 127.0.0.1:9901/ready && answers "127.0.0.2:$port" && break
        sleep 0.1
      done
      curl -s -m 20 -w ' %{http_code}' "$@"
      """;

  @TempDir private Path home;
  private Path folder;

  @BeforeEach
  void writeWhatTheServerServes() throws IOException {
    Requirements.needEnvoy();
    Requirements.need("unshare", "ip", "nft", "curl");
    folder = Files.createDirectories(home.resolve("served"));
    Files.writeString(Files.createDirectory(folder.resolve("color")).resolve("get"), "purple");
    Files.writeString(folder.resolve("ok"), "ok");
    Files.writeString(folder.resolve("hc"), "healthy");
  }

  @Test
  void aGatewaySendsOutsideRequestsToThePodsOfItsRoute() throws Exception {
    Path file = compiled("outlier-detection", "ingress_appmesh-outlier-detection", "{app: front}");

    assertThat(curl(file, 8080, "http://127.0.0.1:7373/color/get")).isEqualTo("purple 200");
  }

  @Test
  void aNodeSendsRedirectedRequestsToThePodsOfItsBackend() throws Exception {
    Path file = compiled("retry", "front_howto-k8s-retry-policy", "{app: color, version: blue}");
    String host = "Host: color.howto-k8s-retry-policy.svc.cluster.local:5000";

    assertThat(curl(file, 5000, "-H", host, "http://127.0.0.3:5000/ok")).isEqualTo("ok 200");
    assertThat(curl(file, 5000, "-H", "Host: other", "http://127.0.0.3:5000/ok")).isEqualTo(" 404");
  }

  /** With one pod, whose address is the server's. */
  private Path compiled(String example, String node, String labels) throws IOException {
    Path manifest = Examples.manifest(example);
    String namespace = node.substring(node.indexOf('_') + 1);
    Path pod =
        Files.writeString(
            home.resolve("pod.yaml"),
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: server, namespace: %s, labels: %s}
            spec: {containers: [{name: app, image: server}]}
            status: {podIP: 127.0.0.2, conditions: [{type: Ready, status: "True"}]}
            """
                .formatted(namespace, labels));
    try (HeddleCommandLine line = new HeddleCommandLine(home)) {
      HeddleCommandLine.Result result =
          line.heddle(
              "compile",
              "-f",
              manifest.toString(),
              "-f",
              pod.toString(),
              "-o",
              "envoy",
              "--node",
              node);
      return Files.writeString(home.resolve("envoy.json"), result.succeeded().out());
    }
  }

  private String curl(Path file, int port, String... arguments) throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare", root ? "-npf" : "-Urnpf", "--kill-child", "bash", "-c", SCRIPT, "bash"));
    command.add(System.getProperty("java.home"));
    command.add(EnvoyBinary.find(System.getenv()).path().toString());
    command.addAll(List.of(file.toString(), String.valueOf(port), folder.toString()));
    command.addAll(List.of(arguments));
    Path errors = home.resolve("errors.txt");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return out;
  }
}
