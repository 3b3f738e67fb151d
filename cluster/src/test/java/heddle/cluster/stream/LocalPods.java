package heddle.cluster.stream;

import heddle.cluster.node.PodAccess;
import heddle.cluster.object.ApiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Pods whose containers are this machine's processes, and whose ports are this machine's. */
final class LocalPods implements PodAccess {
  final List<String> resizes = new CopyOnWriteArrayList<>();
  final List<LogOptions> logRequests = new CopyOnWriteArrayList<>();
  final List<Process> processes = new CopyOnWriteArrayList<>();
  volatile InputStream log =
      new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8));

  @Override
  public InputStream logs(
      String namespace, String pod, @Nullable String container, LogOptions options) {
    logRequests.add(options);
    if (options.previous()) {
      throw ApiException.badRequest(
          "previous terminated container \"" + container + "\" in pod \"" + pod + "\" not found");
    }
    return log;
  }

  @Override
  public Session exec(String namespace, String pod, @Nullable String container, ExecRequest request)
      throws IOException {
    var builder = new ProcessBuilder(request.command()).redirectErrorStream(request.tty());
    Process process = builder.start();
    processes.add(process);
    if (!request.stdin()) {
      process.getOutputStream().close();
    }
    return new ProcessSession(process);
  }

  @Override
  public Session attach(
      String namespace, String pod, @Nullable String container, ExecRequest request)
      throws IOException {
    return exec(
        namespace,
        pod,
        container,
        new ExecRequest(
            List.of("sh", "-c", "echo attached; cat; exit 3"),
            request.stdin(),
            request.stdout(),
            request.stderr(),
            request.tty()));
  }

  @Override
  public SocketChannel connect(String namespace, String pod, int port) throws IOException {
    return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private final class ProcessSession implements Session {
    private final Process process;

    ProcessSession(Process process) {
      this.process = process;
    }

    @Override
    public OutputStream stdin() {
      return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
      return process.getInputStream();
    }

    @Override
    public InputStream stderr() {
      return process.getErrorStream();
    }

    @Override
    public void resize(int columns, int rows) {
      resizes.add(columns + "x" + rows);
    }

    @Override
    public CompletionStage<Integer> exit() {
      CompletableFuture<Process> exit = process.onExit();
      return exit.thenApply(Process::exitValue);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
