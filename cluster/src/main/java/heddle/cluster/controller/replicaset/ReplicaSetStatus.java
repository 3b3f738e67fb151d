package heddle.cluster.controller.replicaset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What a ReplicaSet has, as its status says it. */
record ReplicaSetStatus(int replicas, int ready, int available, @Nullable ApiException failure) {

  ObjectNode write(ObjectNode set, long generation, Instant now) {
    ObjectNode status = set.withObject("/status");
    status.put("replicas", replicas);
    count(status, "fullyLabeledReplicas", replicas);
    count(status, "readyReplicas", ready);
    count(status, "availableReplicas", available);
    status.put("observedGeneration", generation);
    if (failure == null) {
      status.remove("conditions");
    } else if (!status
        .path("conditions")
        .path(0)
        .path("message")
        .asText()
        .equals(failure.getMessage())) {
      status
          .putArray("conditions")
          .addObject()
          .put("type", "ReplicaFailure")
          .put("status", "True")
          .put("reason", "FailedCreate")
          .put("message", failure.getMessage())
          .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return set;
  }

  private static void count(ObjectNode status, String field, int value) {
    if (value == 0) {
      status.remove(field);
    } else {
      status.put(field, value);
    }
  }
}
