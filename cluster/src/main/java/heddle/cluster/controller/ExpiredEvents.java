package heddle.cluster.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes Events that nobody has said again for an hour. */
final class ExpiredEvents {
  static final Duration LOOK = Duration.ofMinutes(5);
  private static final Duration KEPT = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(ExpiredEvents.class);

  private final Objects objects;
  private final Clock clock;

  ExpiredEvents(Objects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void sweep() {
    Instant oldest = clock.instant().minus(KEPT);
    try {
      for (ObjectNode event : objects.list(Kinds.EVENTS, null).items()) {
        if (said(event).isBefore(oldest)) {
          delete(event);
        }
      }
    } catch (RuntimeException e) {
      // The next sweep finds them again; an exception here would end the sweeping.
      LOG.warn("events were not swept", e);
    }
  }

  private void delete(ObjectNode event) {
    try {
      objects.delete(
          Kinds.EVENTS,
          Metadata.namespace(event),
          Metadata.name(event),
          DeleteOptions.background());
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }

  private static Instant said(ObjectNode event) {
    for (String field : new String[] {"lastTimestamp", "eventTime", "firstTimestamp"}) {
      String time = event.path(field).asText("");
      if (!time.isEmpty() && !time.equals("null")) {
        return parse(time);
      }
    }
    return parse(event.path("metadata").path("creationTimestamp").asText(""));
  }

  private static Instant parse(String time) {
    try {
      return Instant.parse(time);
    } catch (DateTimeParseException e) {
      return Instant.MAX;
    }
  }
}
