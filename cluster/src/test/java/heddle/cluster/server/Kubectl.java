package heddle.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One kubectl binary, pointed at one server, with a discovery cache of its own. */
record Kubectl(Path binary, Path directory, String server) {

  /** Exit code and both streams together. */
  record Result(int code, String output) {}

  static Kubectl of(Path binary, Path directory, String server) throws IOException {
    String config =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: a, cluster: {server: "%s"}}]
        users: [{name: a, user: {}}]
        contexts: [{name: a, context: {cluster: a, user: a}}]
        current-context: a
        """;
    Files.writeString(directory.resolve("kubeconfig"), config.formatted(server));
    return new Kubectl(binary, directory, server);
  }

  Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(
        List.of(
            "--kubeconfig",
            directory.resolve("kubeconfig").toString(),
            "--cache-dir",
            directory.resolve("cache-" + binary.toString().hashCode()).toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  Result run(String input, String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    try {
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      InputStream stream = process.getInputStream();
      String output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kubectl ends").isTrue();
      return new Result(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Runs what has to succeed. */
  String ok(String input, String... arguments) throws IOException, InterruptedException {
    Result result = run(input, arguments);
    assertThat(result.code()).as(String.join(" ", arguments) + "\n" + result.output()).isZero();
    return result.output();
  }
}
