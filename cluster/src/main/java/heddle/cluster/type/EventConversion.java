package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** events.k8s.io/v1: the same event under other field names. */
final class EventConversion implements Conversion {
  /** Name there to name in core/v1. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count",
          "reportingController", "reportingComponent");

  @Override
  public void toStorage(ObjectNode event) {
    FIELDS.forEach((from, to) -> rename(event, from, to));
  }

  @Override
  public void fromStorage(ObjectNode event) {
    FIELDS.forEach((to, from) -> rename(event, from, to));
  }

  private static void rename(ObjectNode event, String from, String to) {
    JsonNode value = event.remove(from);
    if (value != null && !value.isNull()) {
      event.set(to, value);
    }
  }
}
