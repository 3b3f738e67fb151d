package heddle.cli.home;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Starts and stops the process that serves a cluster in the background. */
public final class BackgroundCluster {

  /** What the background process prints on its standard output once the API serves. */
  public static final String READY = "READY";

  /** What the serving JVM gets beyond this one's own options, one a line; the launcher says it. */
  private static final String SERVING = "heddle.serving";

  private final ClusterHome home;

  public BackgroundCluster(ClusterHome home) {
    this.home = home;
  }

  /**
   * Starts this same program again, detached from the terminal, and waits until it serves.
   *
   * @param arguments command-line arguments of the new process
   * @throws IOException when it ends before it serves; the message carries the end of its log
   */
  public void start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("setsid", "--"));
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(virtualMachineArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "heddle.cli.Heddle"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectError(ProcessBuilder.Redirect.appendTo(home.log().toFile()))
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      if (!READY.equals(line)) {
        throw new IOException(
            "the cluster's process ended before it served; the end of "
                + home.log()
                + ":\n"
                + tail());
      }
    }
  }

  private static List<String> virtualMachineArguments() {
    // Debuggers and agents of this process are not meant for the one it starts.
    Stream<String> own =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.startsWith("-agentlib:"))
            .filter(argument -> !argument.startsWith("-D" + SERVING));
    Stream<String> more =
        System.getProperty(SERVING, "").lines().filter(option -> !option.isBlank());
    return Stream.concat(own, more).toList();
  }

  private String tail() throws IOException {
    List<String> lines = Files.readAllLines(home.log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /**
   * Asks the owning process to stop and waits for it; after the time limit it is killed.
   *
   * @return whether there was a process
   */
  public boolean stop(Duration limit) throws IOException, InterruptedException {
    Optional<ProcessHandle> owner = home.owner();
    if (owner.isEmpty()) {
      return false;
    }
    ProcessHandle process = owner.get();
    process.destroy();
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (ExecutionException e) {
      throw new IOException("waiting for process " + process.pid() + " to end", e);
    }
    return true;
  }
}
