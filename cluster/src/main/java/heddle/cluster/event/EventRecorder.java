package heddle.cluster.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events in the background, in order. The same thing said again within ten minutes raises
 * the count of the first Event instead of making another. Events are news, not state: one that
 * cannot be written is logged and forgotten.
 */
public final class EventRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final Duration SAME = Duration.ofMinutes(10);
  private static final int REMEMBERED = 4096;

  private final Objects objects;
  private final String component;
  private final String host;
  private final Clock clock;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("events").factory());
  private final Map<Said, Recorded> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Said, Recorded> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Tells Events of one moment apart; only the writer counts. */
  private long sequence;

  private record Said(String uid, String field, String reason, String message) {}

  private record Recorded(String namespace, String name, Instant last) {}

  /** What an Event is about: an object and, optionally, a field of it. */
  public record About(
      String apiVersion, String kind, String namespace, String name, String uid, String field) {

    public static About of(String apiVersion, String kind, ObjectNode object) {
      return new About(
          apiVersion,
          kind,
          Metadata.namespace(object),
          Metadata.name(object),
          Metadata.uid(object),
          "");
    }

    /** The same object's container. */
    public About container(String list, String container) {
      return new About(
          apiVersion, kind, namespace, name, uid, "spec." + list + "{" + container + "}");
    }
  }

  /**
   * @param component who speaks ({@code kubelet}, {@code deployment-controller})
   * @param host the node's name, or empty
   */
  public EventRecorder(Objects objects, String component, String host, Clock clock) {
    this.objects = objects;
    this.component = component;
    this.host = host;
    this.clock = clock;
  }

  public void normal(About about, String reason, String message) {
    record(about, "Normal", reason, message);
  }

  public void warning(About about, String reason, String message) {
    record(about, "Warning", reason, message);
  }

  private void record(About about, String type, String reason, String message) {
    Instant now = clock.instant();
    try {
      writer.execute(() -> write(about, type, reason, message, now));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: {} {} {}", about, reason, message);
    }
  }

  private void write(About about, String type, String reason, String message, Instant now) {
    Said said = new Said(about.uid(), about.field(), reason, message);
    try {
      Recorded before = recent.get(said);
      if (before != null && before.last().plus(SAME).isAfter(now) && again(before, now)) {
        recent.put(said, new Recorded(before.namespace(), before.name(), now));
        return;
      }
      ObjectNode event = objects.create(Kinds.EVENTS, event(about, type, reason, message, now));
      recent.put(said, new Recorded(Metadata.namespace(event), Metadata.name(event), now));
    } catch (ApiException e) {
      LOG.debug("event {} about {}: {}", reason, about, e.getMessage());
    }
  }

  private boolean again(Recorded before, Instant now) {
    return objects
        .modify(
            Kinds.EVENTS,
            before.namespace(),
            before.name(),
            event -> {
              event.put("count", event.path("count").asInt(1) + 1);
              event.put("lastTimestamp", seconds(now));
              return event;
            })
        .isPresent();
  }

  private ObjectNode event(About about, String type, String reason, String message, Instant now) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("apiVersion", "v1").put("kind", "Event");
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    event
        .putObject("metadata")
        .put("name", about.name() + "." + Long.toHexString(nanos + sequence++))
        .put("namespace", about.namespace().isEmpty() ? "default" : about.namespace());
    ObjectNode involved = event.putObject("involvedObject");
    involved.put("apiVersion", about.apiVersion()).put("kind", about.kind());
    involved.put("name", about.name()).put("uid", about.uid());
    if (!about.namespace().isEmpty()) {
      involved.put("namespace", about.namespace());
    }
    if (!about.field().isEmpty()) {
      involved.put("fieldPath", about.field());
    }
    event.put("reason", reason).put("message", message).put("type", type);
    ObjectNode source = event.putObject("source").put("component", component);
    if (!host.isEmpty()) {
      source.put("host", host);
    }
    event.put("firstTimestamp", seconds(now)).put("lastTimestamp", seconds(now)).put("count", 1);
    event.put("reportingComponent", component).put("reportingInstance", host);
    return event;
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Writes what was recorded before, then ends. */
  @Override
  public void close() {
    writer.close();
  }
}
