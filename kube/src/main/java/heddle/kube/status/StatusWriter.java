package heddle.kube.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes conditions, {@code observedGeneration} and other status fields. What is there already is
 * not written again, so that a controller's own writes do not wake it for ever.
 */
public final class StatusWriter {
  private static final int ATTEMPTS = 5;

  private final KubeApi api;
  private final InstantSource clock;

  public StatusWriter(KubeApi api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /**
   * Makes an object's status say this; conditions of other types and other fields stay.
   *
   * @param object as the caller knows it; read again when it has changed meanwhile
   * @param fields further fields of the status, such as {@code virtualNodeARN}
   * @return whether something was written
   * @throws KubeException if the server refuses; an object that is gone is no error
   */
  public boolean write(
      KubeObject object, List<Condition> conditions, Map<String, JsonNode> fields) {
    KubeObject current = object;
    for (int attempt = 1; ; attempt++) {
      KubeObject wanted = current.copy();
      ObjectNode status = wanted.json().withObjectProperty("status");
      fields.forEach(status::set);
      if (status.path("observedGeneration").asLong() != object.generation()) {
        status.put("observedGeneration", object.generation());
      }
      conditions.forEach(condition -> merge(status, condition));
      if (wanted.json().path("status").equals(current.json().path("status"))) {
        return false;
      }
      try {
        KubeObject unused = api.replaceStatus(wanted);
        return true;
      } catch (KubeException e) {
        if (e.notFound()) {
          return false;
        }
        if (!e.conflict() || attempt == ATTEMPTS) {
          throw e;
        }
      }
      KubeKind kind = api.kindOf(object);
      Optional<KubeObject> latest = api.get(kind, object.namespace(), object.name());
      if (latest.isEmpty()
          || !latest.get().uid().equals(object.uid())
          || latest.get().generation() > object.generation()) {
        return false; // What was observed is no longer what is wanted; its own run will come.
      }
      current = latest.get();
    }
  }

  private void merge(ObjectNode status, Condition condition) {
    ArrayNode all = status.withArrayProperty("conditions");
    for (JsonNode each : all) {
      if (each instanceof ObjectNode present
          && present.path("type").asText().equals(condition.type())) {
        boolean flips = !present.path("status").asText().equals(condition.status());
        set(present, condition);
        if (flips || !present.hasNonNull("lastTransitionTime")) {
          present.put("lastTransitionTime", now());
        }
        return;
      }
    }
    ObjectNode added = all.addObject().put("type", condition.type());
    set(added, condition);
    added.put("lastTransitionTime", now());
  }

  private static void set(ObjectNode target, Condition condition) {
    target.put("status", condition.status());
    target.put("reason", condition.reason());
    target.put("message", condition.message());
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
