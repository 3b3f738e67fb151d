package heddle.cli.walkthrough;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code heddle} program as a process, with a home of its own, and the tools a user runs beside
 * it.
 *
 * <p>Closing it takes every cluster down that it started.
 */
final class HeddleCommandLine implements AutoCloseable {

  /** What a process printed and returned. */
  record Result(int exitCode, String out, String err) {
    Result succeeded() {
      if (exitCode != 0) {
        throw new AssertionError("exit code " + exitCode + "\n" + out + "\n" + err);
      }
      return this;
    }
  }

  private static final long PATIENCE_SECONDS = 300;

  private final Path home;
  private final Account account;
  private final List<String> started = new ArrayList<>();
  private final List<String> properties = new ArrayList<>();

  HeddleCommandLine(Path home) {
    this(home, Account.current());
  }

  HeddleCommandLine(Path home, Account account) {
    this.home = home;
    this.account = account;
  }

  /** Takes the examples from another folder than the project's. */
  void examplesIn(Path root) {
    properties.add("-Dheddle.root=" + root);
  }

  Path home() {
    return home;
  }

  Path kubeconfig(String cluster) {
    return home.resolve(cluster).resolve("kubeconfig");
  }

  Result heddle(String... arguments) {
    List<String> command = account.command(arguments[0], home);
    command.addAll(command.indexOf("-cp"), properties);
    command.addAll(List.of(arguments));
    if (arguments[0].equals("up")) {
      started.add(nameIn(arguments));
    }
    return run(command);
  }

  private static String nameIn(String... arguments) {
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals("--name")) {
        return arguments[i + 1];
      }
    }
    return "default";
  }

  /** Runs a shell line as a user would, with KUBECONFIG set to the cluster's. */
  Result shell(String cluster, String line) {
    return run(shellCommand(cluster, line));
  }

  /** Starts a shell line and does not wait; its errors are part of its output. */
  Process background(String cluster, String line) {
    try {
      return new ProcessBuilder(shellCommand(cluster, line)).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process that serves a cluster. */
  ProcessHandle server(String cluster) {
    return heddle("list")
        .succeeded()
        .out()
        .lines()
        .filter(row -> row.startsWith(cluster + " "))
        .map(row -> row.split("\\s+")[2])
        .map(Long::parseLong)
        .findFirst()
        .flatMap(ProcessHandle::of)
        .orElseThrow();
  }

  private List<String> shellCommand(String cluster, String line) {
    return List.of(
        "env", "KUBECONFIG=" + kubeconfig(cluster), "bash", "-o", "pipefail", "-c", line);
  }

  private Result run(List<String> command) {
    try {
      File out = Files.createTempFile(home, "out", ".txt").toFile();
      File err = Files.createTempFile(home, "err", ".txt").toFile();
      ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
      builder.environment().put("HEDDLE_HOME", home.toString());
      Process process = builder.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("did not end: " + String.join(" ", command) + "\n" + read(err));
      }
      return new Result(process.exitValue(), read(out), read(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(File file) throws IOException {
    return Files.readString(file.toPath(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    for (String name : List.copyOf(started)) {
      heddle("down", "--name", name, "--purge");
    }
  }
}
