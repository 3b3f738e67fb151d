package heddle.cluster.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionStage;

/**
 * Knows when nobody sends a pod new requests any more. A pod's programs are told to stop only then,
 * so that a rolling update does not fail requests that were sent to a pod on its way out.
 */
public interface BeforeStop {

  /**
   * Called once when a pod's deletion begins. The node agent waits for a bounded time only.
   *
   * @param pod with its {@code deletionTimestamp}
   * @return completes when every consumer has taken in that the pod is leaving
   */
  CompletionStage<Void> leaving(ObjectNode pod);
}
