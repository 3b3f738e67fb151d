package heddle.cluster.node.container;

import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.node.sandbox.SandboxProcess;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionStage;

/** One client's part in the standard streams of a container; leaving does not end the container. */
final class AttachSession implements Session {
  private final OutputStream stdin;
  private final InputStream stdout;
  private final InputStream stderr;
  private final SandboxProcess process;
  private final CompletionStage<Integer> exit;

  AttachSession(
      OutputStream stdin,
      InputStream stdout,
      InputStream stderr,
      SandboxProcess process,
      CompletionStage<Integer> exit) {
    this.stdin = stayingOpen(stdin);
    this.stdout = stdout;
    this.stderr = stderr;
    this.process = process;
    this.exit = exit;
  }

  /** The container's input outlives its visitors: each write arrives, the end of one does not. */
  private static OutputStream stayingOpen(OutputStream input) {
    return new FilterOutputStream(input) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.flush();
      }
    };
  }

  @Override
  public OutputStream stdin() {
    return stdin;
  }

  @Override
  public InputStream stdout() {
    return stdout;
  }

  @Override
  public InputStream stderr() {
    return stderr;
  }

  @Override
  public void resize(int columns, int rows) {
    process.resize(columns, rows);
  }

  @Override
  public CompletionStage<Integer> exit() {
    return exit;
  }

  @Override
  public void close() {
    try {
      stdout.close();
      stderr.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot leave a container's streams", e);
    }
  }
}
