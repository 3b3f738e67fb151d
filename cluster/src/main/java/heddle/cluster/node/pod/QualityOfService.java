package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The quality-of-service class of a pod, from its containers' resources. */
final class QualityOfService {
  private QualityOfService() {}

  static String of(ObjectNode pod) {
    boolean any = false;
    boolean guaranteed = true;
    for (JsonNode container : pod.path("spec").path("containers")) {
      JsonNode limits = container.path("resources").path("limits");
      JsonNode requests = container.path("resources").path("requests");
      for (String resource : List.of("cpu", "memory")) {
        boolean limited = limits.has(resource);
        any |= limited || requests.has(resource);
        guaranteed &=
            limited
                && (!requests.has(resource)
                    || requests.path(resource).asText().equals(limits.path(resource).asText()));
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }
}
