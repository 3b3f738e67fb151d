package heddle.kube.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.PatchType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events about objects. The same event again raises its count instead. An event that cannot
 * be written is logged: it never stops the work it reports on.
 */
public final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int REMEMBERED = 4096;

  private final KubeApi api;
  private final String component;
  private final InstantSource clock;
  private final Map<String, KubeObject> written = new ConcurrentHashMap<>();

  /** Kubernetes' two kinds of event. */
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String word;

    Type(String word) {
      this.word = word;
    }
  }

  /**
   * A recorder.
   *
   * @param component who reports: {@code appmesh-controller}
   */
  public EventRecorder(KubeApi api, String component, InstantSource clock) {
    this.api = api;
    this.component = component;
    this.clock = clock;
  }

  /**
   * Says something about an object.
   *
   * @param reason one CamelCase word
   */
  public void record(KubeObject about, Type type, String reason, String message) {
    String identity = String.join("\n", about.uid(), about.toString(), reason, message);
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    try {
      KubeObject before = written.get(identity);
      if (before == null || !countUp(identity, before, now)) {
        if (written.size() > REMEMBERED) {
          written.clear();
        }
        written.put(identity, api.create(event(about, type, reason, message, now)));
      }
    } catch (KubeException e) {
      LOG.warn("no event for {} ({}: {}): {}", about, reason, message, e.getMessage());
    }
  }

  private boolean countUp(String identity, KubeObject event, String now) {
    ObjectNode patch = event.copy().json().removeAll();
    patch.put("count", event.json().path("count").asInt(1) + 1).put("lastTimestamp", now);
    try {
      written.put(
          identity,
          api.patch(KubeKind.EVENT, event.namespace(), event.name(), "", PatchType.MERGE, patch));
      return true;
    } catch (KubeException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  private KubeObject event(KubeObject about, Type type, String reason, String message, String now) {
    String namespace = about.namespace().isEmpty() ? "default" : about.namespace();
    String name =
        about.name()
            + "."
            + Long.toHexString(clock.instant().toEpochMilli() * 1_000_000)
            + Integer.toHexString((reason + message).hashCode());
    KubeObject event = KubeObject.of("v1", "Event", namespace, name);
    ObjectNode json = event.json();
    json.putObject("involvedObject")
        .put("apiVersion", about.apiVersion())
        .put("kind", about.kind())
        .put("namespace", about.namespace())
        .put("name", about.name())
        .put("uid", about.uid())
        .put("resourceVersion", about.resourceVersion());
    json.put("type", type.word).put("reason", reason).put("message", message);
    json.put("count", 1).put("firstTimestamp", now).put("lastTimestamp", now);
    json.putObject("source").put("component", component);
    json.put("reportingComponent", component).put("reportingInstance", "");
    return event;
  }
}
