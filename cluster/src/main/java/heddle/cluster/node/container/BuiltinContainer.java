package heddle.cluster.node.container;

import heddle.cluster.node.InProcessProgram;
import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.node.log.ContainerLog;
import heddle.cluster.node.sandbox.Launcher;
import heddle.cluster.node.sandbox.Sandbox;
import heddle.cluster.object.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A container that is a program of this process. A command started in it runs in a sandbox of its
 * own in the pod's network, so that the usual questions to a sidecar's admin port work.
 */
public final class BuiltinContainer implements RunningContainer {
  private final String id;
  private final InProcessProgram.Running program;
  private final Function<ExecRequest, Sandbox> shell;
  private final Path directory;
  private final Launcher launcher;
  private final CompletableFuture<Integer> exit;

  private BuiltinContainer(
      String id,
      InProcessProgram.Running program,
      Function<ExecRequest, Sandbox> shell,
      Path directory,
      Launcher launcher,
      ContainerLog log) {
    this.id = id;
    this.program = program;
    this.shell = shell;
    this.directory = directory;
    this.launcher = launcher;
    this.exit = program.exit().toCompletableFuture().whenComplete((code, failure) -> log.close());
  }

  /**
   * Starts the program.
   *
   * @param shell makes the sandbox in which a command runs
   * @param log taken over: it is closed when the container ends or cannot start
   * @throws Exception the program's own; the container's {@code StartError}
   */
  public static BuiltinContainer start(
      String id,
      InProcessProgram program,
      Function<Consumer<String>, InProcessProgram.Context> context,
      Function<ExecRequest, Sandbox> shell,
      Path directory,
      Launcher launcher,
      ContainerLog log)
      throws Exception {
    try {
      InProcessProgram.Running running = program.start(context.apply(text -> write(log, text)));
      return new BuiltinContainer(id, running, shell, directory, launcher, log);
    } catch (Exception e) {
      log.close();
      throw e;
    }
  }

  private static void write(ContainerLog log, String text) {
    try {
      log.line("stdout", text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log " + log.file(), e);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public CompletionStage<Integer> exit() {
    return exit;
  }

  @Override
  public void terminate(Duration grace) {
    program.terminate(grace);
  }

  @Override
  public void kill() {
    program.kill();
  }

  @Override
  public Session exec(ExecRequest request) throws IOException {
    Path place = Files.createTempDirectory(directory, "exec-");
    SandboxSession session = new SandboxSession(launcher.start(shell.apply(request), place));
    session.exit().whenComplete((code, failure) -> remove(place));
    return session;
  }

  private static void remove(Path place) {
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(place);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + place, e);
    }
  }

  @Override
  public Session attach(ExecRequest request) {
    throw ApiException.badRequest(
        "this container's program runs inside Heddle and has no standard streams to attach to; read"
            + " them with kubectl logs");
  }
}
