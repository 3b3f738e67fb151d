package heddle.cluster.node.sandbox;

import com.pty4j.PtyProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Waits for processes to end. */
public final class Exits {
  private Exits() {}

  /** Completes with the exit code; 128 + n when signal n ended the process. */
  public static CompletionStage<Integer> of(Process process) {
    return process instanceof PtyProcess
        ? ofTerminal(process)
        : process.onExit().thenApply(Process::exitValue);
  }

  /** A process on a terminal has no handle of the JDK's, so a thread waits for it. */
  private static CompletionStage<Integer> ofTerminal(Process process) {
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("exit-" + process.pid())
        .start(
            () -> {
              try {
                exit.complete(process.waitFor());
              } catch (InterruptedException e) {
                exit.completeExceptionally(e);
              }
            });
    return exit;
  }
}
