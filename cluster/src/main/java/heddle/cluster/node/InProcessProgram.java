package heddle.cluster.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.network.PodNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A container whose program runs inside this process: embedded sidecars, redirect set-up and system
 * controllers. To the rest of the cluster it is a container like any other: it has a log, an exit
 * code, probes and a grace period.
 */
public interface InProcessProgram {

  /** Starts; must return quickly. A failure is the container's {@code StartError}. */
  Running start(Context context) throws Exception;

  /** A started program. */
  interface Running {
    /** SIGTERM: begin to stop, and complete {@link #exit()} within the grace period. */
    void terminate(Duration grace);

    /** SIGKILL: stop now. */
    void kill();

    /** Completes with the exit code. An init program completes with 0 when its work is done. */
    CompletionStage<Integer> exit();
  }

  /**
   * Where it runs.
   *
   * @param pod the pod as it was when the container started
   * @param arguments the container's command and args
   * @param environment resolved variables
   * @param network the pod's namespace: sockets are opened through it
   * @param serviceAccount directory with {@code token}, {@code ca.crt} and {@code namespace}
   * @param log receives one line of the container's log, without its line end
   */
  record Context(
      ObjectNode pod,
      String container,
      List<String> arguments,
      Map<String, String> environment,
      PodNetwork network,
      Path serviceAccount,
      Consumer<String> log) {
    public Context {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }
}
