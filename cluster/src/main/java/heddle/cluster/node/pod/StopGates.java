package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Conditions for which the stop of a pod's containers waits, named by an annotation and set by
 * others, as readiness gates are for its readiness.
 */
final class StopGates {
  static final String ANNOTATION = "heddle.dev/stop-gates";

  private StopGates() {}

  /** Whether all conditions that a pod names are true. */
  static boolean open(ObjectNode pod) {
    String names = Metadata.annotations(pod).getOrDefault(ANNOTATION, "");
    if (names.isBlank()) {
      return true;
    }
    ObjectNode status =
        pod.get("status") instanceof ObjectNode present
            ? present
            : JsonNodeFactory.instance.objectNode();
    Conditions conditions = new Conditions(status.deepCopy(), Instant.EPOCH);
    return Stream.of(names.split(",")).map(String::strip).allMatch(conditions::isTrue);
  }
}
