package heddle.cluster.controller.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.informer.Reconciler;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.time.Duration;
import java.util.Optional;

/** Binds every pod that has no node to the one there is. */
public final class Scheduler implements Reconciler {

  private final Objects objects;
  private final ObjectCache pods;
  private final String node;
  private final EventRecorder events;

  /**
   * @param node name of the one node
   */
  public Scheduler(Objects objects, ObjectCache pods, String node, EventRecorder events) {
    this.objects = objects;
    this.pods = pods;
    this.node = node;
    this.events = events;
  }

  /** Whether a pod still waits for a node. */
  public static boolean waiting(ObjectNode pod) {
    return pod.path("spec").path("nodeName").asText("").isEmpty() && !Metadata.deleting(pod);
  }

  @Override
  public Optional<Duration> reconcile(Key key) {
    Optional<ObjectNode> pod = pods.get(key).filter(Scheduler::waiting);
    if (pod.isEmpty()) {
      return Optional.empty();
    }
    objects
        .modify(
            Kinds.PODS,
            key.namespace(),
            key.name(),
            copy -> {
              if (waiting(copy)) {
                copy.withObject("/spec").put("nodeName", node);
              }
              return copy;
            })
        .ifPresent(
            bound ->
                events.normal(
                    About.of("v1", "Pod", bound),
                    "Scheduled",
                    "Successfully assigned " + key + " to " + node));
    return Optional.empty();
  }
}
