package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a pod's status to the API when it says something new. */
final class PodReport {
  private final Objects objects;
  private final About about;
  private @Nullable JsonNode reported;

  PodReport(Objects objects, About about) {
    this.objects = objects;
    this.about = about;
  }

  /**
   * Writes what was observed.
   *
   * @param pod as it was seen last
   * @return the pod as it is stored now; empty when nothing was written
   */
  Optional<ObjectNode> write(ObjectNode pod, PodStatus.Observation observed) {
    JsonNode status = PodStatus.of(pod.deepCopy(), observed).path("status");
    if (status.equals(reported)) {
      return Optional.empty();
    }
    Optional<ObjectNode> stored =
        objects
            .modifyStatus(
                Kinds.PODS,
                about.namespace(),
                about.name(),
                latest -> same(latest) ? PodStatus.of(latest, observed) : latest)
            .filter(this::same);
    reported = status;
    return stored;
  }

  private boolean same(ObjectNode pod) {
    return Metadata.uid(pod).equals(about.uid());
  }
}
