package heddle.cluster.controller.namespace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.informer.Reconciler;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Deletes everything in a namespace that is being deleted, then lets the namespace go. What holds
 * it up (objects with finalizers whose controller is gone) is visible in its conditions.
 */
public final class NamespaceController implements Reconciler {

  private static final Duration NEXT_LOOK = Duration.ofMillis(250);

  private final Objects objects;
  private final ObjectCache namespaces;
  private final Clock clock;

  public NamespaceController(Objects objects, ObjectCache namespaces, Clock clock) {
    this.objects = objects;
    this.namespaces = namespaces;
    this.clock = clock;
  }

  @Override
  public Optional<Duration> reconcile(Key key) {
    Optional<ObjectNode> namespace = namespaces.get(key).filter(Metadata::deleting);
    if (namespace.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Integer> remaining = empty(key.name());
    if (remaining.isEmpty()) {
      objects.modify(Kinds.NAMESPACES, null, key.name(), NamespaceController::release);
      return Optional.empty();
    }
    report(key.name(), remaining);
    return Optional.of(NEXT_LOOK);
  }

  /** Asks for the deletion of everything; returns what is still there, by type. */
  private Map<String, Integer> empty(String namespace) {
    Map<String, Integer> remaining = new TreeMap<>();
    for (ResourceType type : objects.types()) {
      // Events of an ending namespace come until its end; they go last, with nothing waiting.
      if (!type.namespaced()) {
        continue;
      }
      int left = 0;
      for (ObjectNode object : objects.list(type, namespace).items()) {
        if (!gone(type, object)) {
          left++;
        }
      }
      if (left > 0) {
        remaining.put(type.qualifiedPlural(), left);
      }
    }
    return remaining;
  }

  private boolean gone(ResourceType type, ObjectNode object) {
    String namespace = Metadata.namespace(object);
    String name = Metadata.name(object);
    if (!Metadata.deleting(object)) {
      try {
        objects.delete(type, namespace, name, DeleteOptions.background());
      } catch (ApiException e) {
        if (e.code() != 404) {
          throw e;
        }
      }
    }
    return objects.get(type, namespace, name).isEmpty();
  }

  private static ObjectNode release(ObjectNode namespace) {
    if (namespace.path("spec").path("finalizers") instanceof ArrayNode finalizers) {
      for (int i = finalizers.size() - 1; i >= 0; i--) {
        if (finalizers.get(i).asText().equals("kubernetes")) {
          finalizers.remove(i);
        }
      }
    }
    return namespace;
  }

  private void report(String namespace, Map<String, Integer> remaining) {
    StringBuilder message = new StringBuilder("Some resources are remaining: ");
    remaining.forEach(
        (type, count) ->
            message.append(type).append(" has ").append(count).append(" resource instances, "));
    message.setLength(message.length() - 2);
    objects.modifyStatus(
        Kinds.NAMESPACES,
        null,
        namespace,
        copy -> {
          ObjectNode status = copy.withObject("/status");
          if (status.path("conditions").path(0).path("message").asText().contentEquals(message)) {
            return copy;
          }
          status
              .putArray("conditions")
              .addObject()
              .put("type", "NamespaceContentRemaining")
              .put("status", "True")
              .put("reason", "SomeResourcesRemain")
              .put("message", message.toString())
              .put(
                  "lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
          return copy;
        });
  }
}
