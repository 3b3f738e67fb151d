package heddle.cluster.node.container;

import com.pty4j.PtyProcess;
import com.pty4j.WinSize;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.node.sandbox.Exits;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The streams of a process that was started for one client. */
final class ProcessSession implements Session {
  private final Process process;
  private final boolean terminal;
  private final CompletionStage<Integer> exit;

  ProcessSession(Process process, boolean terminal) {
    this.process = process;
    this.terminal = terminal;
    this.exit = Exits.of(process);
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
    return terminal ? InputStream.nullInputStream() : process.getErrorStream();
  }

  @Override
  public void resize(int columns, int rows) {
    if (process instanceof PtyProcess pty) {
      pty.setWinSize(new WinSize(columns, rows));
    }
  }

  @Override
  public CompletionStage<Integer> exit() {
    return exit;
  }

  @Override
  public void close() {
    // The command is a child of the program that entered the sandbox.
    List<ProcessHandle> children =
        ProcessHandle.of(process.pid()).map(h -> h.descendants().toList()).orElse(List.of());
    children.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
