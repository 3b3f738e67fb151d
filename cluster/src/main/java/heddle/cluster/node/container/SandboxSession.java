package heddle.cluster.node.container;

import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.node.sandbox.SandboxProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletionStage;

/** The streams of a command that has a sandbox to itself. */
final class SandboxSession implements Session {
  private final SandboxProcess process;
  private final CompletionStage<Integer> exit;

  SandboxSession(SandboxProcess process) {
    this.process = process;
    this.exit = process.exit();
  }

  @Override
  public OutputStream stdin() {
    return process.stdin();
  }

  @Override
  public InputStream stdout() {
    return process.stdout();
  }

  @Override
  public InputStream stderr() {
    return process.stderr();
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
    process.kill();
  }
}
