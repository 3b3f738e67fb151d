package heddle.cluster.controller.replicaset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.pods.PodFacts;
import heddle.cluster.object.Metadata;
import java.time.Instant;
import java.util.Comparator;

/**
 * Which pods go first when there are too many: those that cost least to lose (Kubernetes:
 * ActivePodsWithRanks).
 */
final class DeletionOrder {

  private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

  private DeletionOrder() {}

  static Comparator<ObjectNode> first() {
    return Comparator.comparing(DeletionOrder::assigned)
        .thenComparing(DeletionOrder::phaseRank)
        .thenComparing(PodFacts::ready)
        .thenComparing(DeletionOrder::cost)
        .thenComparing(DeletionOrder::readySince, Comparator.reverseOrder())
        .thenComparing(PodFacts::restarts, Comparator.reverseOrder())
        .thenComparing(DeletionOrder::created, Comparator.reverseOrder());
  }

  private static boolean assigned(ObjectNode pod) {
    return !pod.path("spec").path("nodeName").asText("").isEmpty();
  }

  private static int phaseRank(ObjectNode pod) {
    return switch (PodFacts.phase(pod)) {
      case "Pending" -> 0;
      case "Unknown" -> 1;
      default -> 2;
    };
  }

  private static int cost(ObjectNode pod) {
    String cost = Metadata.annotations(pod).getOrDefault(COST, "0");
    try {
      return Integer.parseInt(cost);
    } catch (NumberFormatException e) {
      return 0; // Kubernetes ignores a cost that is no number.
    }
  }

  private static Instant readySince(ObjectNode pod) {
    return PodFacts.readySince(pod).orElse(Instant.EPOCH);
  }

  private static String created(ObjectNode pod) {
    return pod.path("metadata").path("creationTimestamp").asText("");
  }
}
