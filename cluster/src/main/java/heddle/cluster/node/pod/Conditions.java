package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/** The conditions of a status; a condition's time changes only with its status. */
final class Conditions {
  private final ArrayNode list;
  private final Instant now;

  Conditions(ObjectNode status, Instant now) {
    this.list =
        status.get("conditions") instanceof ArrayNode present
            ? present
            : status.putArray("conditions");
    this.now = now;
  }

  boolean has(String type) {
    return find(type).isPresent();
  }

  boolean isTrue(String type) {
    return find(type).filter(c -> c.path("status").asText().equals("True")).isPresent();
  }

  void set(String type, boolean value, String reason, String message) {
    String status = value ? "True" : "False";
    ObjectNode condition =
        find(type).orElseGet(() -> list.addObject().put("type", type).putNull("lastProbeTime"));
    if (!condition.path("status").asText().equals(status)) {
      condition.put("status", status).put("lastTransitionTime", ContainerState.seconds(now));
    }
    text(condition, "reason", reason);
    text(condition, "message", message);
  }

  private static void text(ObjectNode condition, String field, String value) {
    if (value.isEmpty()) {
      condition.remove(field);
    } else {
      condition.put(field, value);
    }
  }

  private Optional<ObjectNode> find(String type) {
    for (JsonNode condition : list) {
      if (condition.path("type").asText().equals(type) && condition instanceof ObjectNode object) {
        return Optional.of(object);
      }
    }
    return Optional.empty();
  }
}
