package heddle.cluster.node.container;

import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.node.log.ContainerLog;
import heddle.cluster.node.log.LineSplitter;
import heddle.cluster.node.sandbox.Launcher;
import heddle.cluster.node.sandbox.Sandbox;
import heddle.cluster.node.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that is a process in a sandbox. */
public final class ProcessContainer implements RunningContainer {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessContainer.class);
  private static final int CHUNK = 8 * 1024;
  private static final long SMALL_STACK = 256 * 1024;

  private final String id;
  private final Sandbox sandbox;
  private final Launcher launcher;
  private final SandboxProcess process;
  private final ContainerLog log;
  private final Broadcast stdout = new Broadcast();
  private final Broadcast stderr = new Broadcast();
  private final CompletableFuture<Integer> exit;

  private ProcessContainer(
      String id, Sandbox sandbox, Launcher launcher, SandboxProcess process, ContainerLog log) {
    this.id = id;
    this.sandbox = sandbox;
    this.launcher = launcher;
    this.process = process;
    this.log = log;
    CompletableFuture<Void> out = pump(process.stdout(), "stdout", stdout);
    CompletableFuture<Void> err =
        sandbox.terminal()
            ? CompletableFuture.completedFuture(null)
            : pump(process.stderr(), "stderr", stderr);
    this.exit =
        process
            .exit()
            .toCompletableFuture()
            .thenCombine(CompletableFuture.allOf(out, err), (code, done) -> code)
            .whenComplete((code, failure) -> log.close());
  }

  /**
   * Starts the process.
   *
   * @param directory the container's directory, where its process is recorded
   * @param log taken over: it is closed when the container ends or cannot start
   */
  public static ProcessContainer start(
      String id, Sandbox sandbox, Path directory, Launcher launcher, ContainerLog log)
      throws IOException {
    try {
      SandboxProcess process = launcher.start(sandbox, directory);
      return new ProcessContainer(id, sandbox, launcher, process, log);
    } catch (IOException e) {
      log.close();
      throw e;
    }
  }

  /** A platform thread per stream: reads of pipes would hold the carriers of virtual threads. */
  private CompletableFuture<Void> pump(InputStream input, String stream, Broadcast broadcast) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("container-" + stream)
        .daemon()
        .stackSize(SMALL_STACK)
        .start(
            () -> {
              try {
                copy(input, stream, broadcast);
              } catch (IOException e) {
                // The kernel's way to say that a terminal has no process left is EIO.
                LOG.debug("{} of container {} ended: {}", stream, id, e.getMessage());
              } finally {
                done.complete(null);
              }
            });
    return done;
  }

  private void copy(InputStream input, String stream, Broadcast broadcast) throws IOException {
    LineSplitter lines = new LineSplitter(log, stream);
    byte[] chunk = new byte[CHUNK];
    try {
      int count = input.read(chunk);
      while (count >= 0) {
        lines.write(chunk, count);
        broadcast.write(chunk, count);
        count = input.read(chunk);
      }
    } finally {
      lines.finish();
      broadcast.end();
    }
  }

  @Override
  public String id() {
    return id;
  }

  /** The process as the host sees it; for measuring. */
  public long pid() {
    return process.containerPid();
  }

  @Override
  public CompletionStage<Integer> exit() {
    return exit;
  }

  @Override
  public void terminate(Duration grace) {
    process.terminate();
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public Session exec(ExecRequest request) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>(sandbox.environment());
    if (request.tty()) {
      environment.putIfAbsent("TERM", "xterm");
    }
    Process started =
        launcher.join(
            process,
            sandbox.capabilities(),
            request.command(),
            environment,
            request.stdin(),
            request.tty());
    return new ProcessSession(started, request.tty());
  }

  @Override
  public Session attach(ExecRequest request) throws IOException {
    InputStream out = request.stdout() ? stdout.join() : InputStream.nullInputStream();
    InputStream err = request.stderr() ? stderr.join() : InputStream.nullInputStream();
    OutputStream in =
        request.stdin() && sandbox.stdin() ? process.stdin() : OutputStream.nullOutputStream();
    return new AttachSession(in, out, err, process, exit);
  }
}
