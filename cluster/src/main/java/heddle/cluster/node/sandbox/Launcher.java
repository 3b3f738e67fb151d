package heddle.cluster.node.sandbox;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes, all from one platform thread that lives as long as the node agent: the kernel
 * ties a sandbox's life to the thread that started it, not to the process.
 */
public final class Launcher implements AutoCloseable {
  /** Names itself in the record before it becomes the sandbox; 3 carries its pid to us. */
  private static final String PREAMBLE =
      "read -r stat </proc/$$/stat; printf '%s\\n' \"$stat\" >\"$1\"; args=$2; shift 2;"
          + " exec \"$@\" 3>&1 4<\"$args\"";

  private static final Map<String, String> PLAIN =
      Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("sandbox-launcher").factory());

  /**
   * Starts a sandbox.
   *
   * @param directory the container's own directory: {@code process} is its record
   * @throws IOException when the sandbox cannot be made; the message is bubblewrap's
   */
  public SandboxProcess start(Sandbox sandbox, Path directory) throws IOException {
    Path arguments = directory.resolve("arguments");
    Files.deleteIfExists(arguments);
    Files.createFile(
        arguments,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(arguments, BubblewrapArguments.of(sandbox));
    List<String> command =
        Commands.join(
            List.of("/bin/sh", "-c", PREAMBLE, "sh"),
            List.of(directory.resolve("process").toString(), arguments.toString()),
            List.of(Commands.find("nsenter"), "--net=" + sandbox.namespace()),
            List.of(Commands.find("bwrap"), "--info-fd", "3", "--args", "4", "--"),
            sandbox.command());
    Process process = run(command, PLAIN, sandbox.terminal(), sandbox.stdin());
    SandboxProcess started = SandboxProcess.adopt(process, sandbox.terminal(), sandbox.user() != 0);
    Files.deleteIfExists(arguments);
    return started;
  }

  /**
   * Starts a command inside a running sandbox: its file systems, processes, names and network.
   *
   * @param capabilities those of the sandbox: a command gets no others
   * @param environment the whole environment; what the host's loader obeys is left out
   */
  public Process join(
      SandboxProcess sandbox,
      List<String> capabilities,
      List<String> command,
      Map<String, String> environment,
      boolean stdin,
      boolean terminal)
      throws IOException {
    String pid = Long.toString(sandbox.containerPid());
    List<String> enter =
        Commands.join(
            List.of(Commands.find("nsenter"), "--target", pid),
            List.of("--mount", "--pid", "--uts", "--ipc", "--net", "--root", "--wd"),
            sandbox.ownUsers() ? List.of("--user", "--preserve-credentials") : List.of(),
            List.of("--"),
            sandbox.ownUsers() ? List.of() : limit(capabilities),
            command);
    return run(enter, Commands.withoutLoader(environment), terminal, stdin);
  }

  /** Who enters has all the rights of Heddle itself, until the sandbox's own program takes them. */
  private static List<String> limit(List<String> capabilities) {
    StringBuilder kept = new StringBuilder("-all");
    capabilities.forEach(
        name -> kept.append(",+").append(name.substring("CAP_".length()).toLowerCase(Locale.ROOT)));
    return List.of("/usr/bin/" + BubblewrapArguments.LIMITER, "--bounding-set", kept.toString());
  }

  private Process run(
      List<String> command, Map<String, String> environment, boolean terminal, boolean stdin)
      throws IOException {
    return onThread(
        () -> terminal ? onTerminal(command, environment) : plain(command, environment, stdin));
  }

  private static Process plain(List<String> command, Map<String, String> environment, boolean stdin)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    if (!stdin) {
      builder.redirectInput(Path.of("/dev/null").toFile());
    }
    return builder.start();
  }

  private static PtyProcess onTerminal(List<String> command, Map<String, String> environment)
      throws IOException {
    return new PtyProcessBuilder()
        .setCommand(command.toArray(String[]::new))
        .setEnvironment(environment)
        .setDirectory("/")
        .setInitialColumns(80)
        .setInitialRows(24)
        .start();
  }

  private <T> T onThread(Callable<T> action) throws IOException {
    try {
      return thread.submit(action).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting a process", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("cannot start a process: " + e.getCause(), e);
    }
  }

  /** Ends every sandbox that still runs, by ending the thread they hang on. */
  @Override
  public void close() {
    thread.close();
  }
}
