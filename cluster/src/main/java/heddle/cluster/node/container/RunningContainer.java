package heddle.cluster.node.container;

import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A container that was started. */
public interface RunningContainer {

  /** {@code heddle://} and 64 hexadecimal digits. */
  String id();

  /** Completes with the exit code once the container has ended and its log is whole. */
  CompletionStage<Integer> exit();

  /** SIGTERM. */
  void terminate(Duration grace);

  /** SIGKILL. */
  void kill();

  /** Starts a command beside the container's own process. */
  Session exec(ExecRequest request) throws IOException;

  /** Joins the standard streams of the container's own process. */
  Session attach(ExecRequest request) throws IOException;
}
