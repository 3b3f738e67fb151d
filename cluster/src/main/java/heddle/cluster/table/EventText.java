package heddle.cluster.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Events of core/v1 and events.k8s.io/v1 alike, for their columns. */
final class EventText {

  private EventText() {}

  private static JsonNode either(ObjectNode event, String core, String other) {
    return event.has(core) ? event.path(core) : event.path(other);
  }

  static JsonNode involved(ObjectNode event) {
    return either(event, "involvedObject", "regarding");
  }

  static String message(ObjectNode event) {
    return either(event, "message", "note").asText("");
  }

  static String object(ObjectNode event) {
    JsonNode object = involved(event);
    String kind = object.path("kind").asText("").toLowerCase(Locale.ROOT);
    String name = object.path("name").asText("");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  static String source(ObjectNode event) {
    JsonNode source = either(event, "source", "deprecatedSource");
    String component = source.path("component").asText("");
    if (component.isEmpty()) {
      return either(event, "reportingComponent", "reportingController").asText("");
    }
    String host = source.path("host").asText("");
    return host.isEmpty() ? component : component + ", " + host;
  }

  static long count(ObjectNode event) {
    long series = event.path("series").path("count").asLong();
    long count = either(event, "count", "deprecatedCount").asLong();
    return Math.max(1, Math.max(series, count));
  }

  static String first(ObjectNode event) {
    String first = either(event, "firstTimestamp", "deprecatedFirstTimestamp").asText("");
    return first.isEmpty() ? event.path("eventTime").asText("") : first;
  }

  static String last(ObjectNode event) {
    String series = event.path("series").path("lastObservedTime").asText("");
    String last = either(event, "lastTimestamp", "deprecatedLastTimestamp").asText("");
    return !series.isEmpty() ? series : last.isEmpty() ? first(event) : last;
  }
}
