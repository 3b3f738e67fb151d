package heddle.cluster.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.DeleteOptions.Propagation;
import heddle.cluster.object.Metadata;
import heddle.cluster.store.Store;
import heddle.cluster.store.Stored;
import heddle.cluster.type.CrdMerge;
import heddle.cluster.type.Served;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Deletes at once, or marks what finalizers, a grace period or the content of a namespace still
 * hold. Source: kubernetes.io, "Garbage collection" and "Pod lifecycle: termination".
 */
public final class Deletion {
  static final String CUSTOM_RESOURCES = "customresourcecleanup.apiextensions.k8s.io";

  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  private final Store store;
  private final Pipeline pipeline;
  private final Consequences consequences;
  private final InstantSource clock;

  /** The object as it was last, in the caller's version, and whether it is gone. */
  public record Result(ObjectNode object, boolean gone) {}

  Deletion(Store store, Pipeline pipeline, Consequences consequences, InstantSource clock) {
    this.store = store;
    this.pipeline = pipeline;
    this.consequences = consequences;
    this.clock = clock;
  }

  /** Empty when another writer was quicker. */
  Optional<Result> delete(Call call, Served served, Stored current, DeleteOptions options) {
    preconditions(served, current, options);
    refuse(call, served, current);
    pipeline.checkDelete(call, served, current.object());
    ObjectNode marked = current.object().deepCopy();
    mark(current.key().resource(), marked, options);
    boolean gone = finished(current.key().resource(), marked);
    if (call.dryRun() || (!gone && marked.equals(current.object()))) {
      return Optional.of(new Result(Operations.view(served, marked), gone));
    }
    if (gone) {
      return remove(current).map(last -> new Result(Operations.view(served, last), true));
    }
    Optional<Stored> stored = store.put(current.key(), marked, current.revision());
    stored.ifPresent(consequences::deleting);
    return stored.map(s -> new Result(Operations.view(served, s.object()), false));
  }

  private static void refuse(Call call, Served served, Stored current) {
    String name = current.key().name();
    switch (current.key().resource()) {
      case "namespaces" -> {
        if (Bootstrap.FOR_EVER.contains(name)) {
          throw Errors.forbidden(served.type(), name, "this namespace may not be deleted");
        }
      }
      case DEFINITIONS -> {
        if (CrdMerge.protects(current.object()) && !call.isSystem()) {
          throw Errors.forbidden(
              served.type(),
              name,
              "Heddle itself serves this kind; to delete its objects: kubectl delete "
                  + name
                  + " --all");
        }
      }
      default -> {}
    }
  }

  private static void preconditions(Served served, Stored current, DeleteOptions options) {
    ObjectNode object = current.object();
    String name = Metadata.name(object);
    if (options.uid() != null && !options.uid().equals(Metadata.uid(object))) {
      throw Errors.conflict(
          served.type(),
          name,
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(options.uid(), Metadata.uid(object)));
    }
    String revision = options.resourceVersion();
    if (revision != null && !revision.equals(Metadata.resourceVersion(object))) {
      throw Errors.conflict(
          served.type(),
          name,
          "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta:"
                  .formatted(revision)
              + " "
              + Metadata.resourceVersion(object));
    }
  }

  private void mark(String resource, ObjectNode object, DeleteOptions options) {
    long grace = resource.equals("pods") ? podGrace(object, options) : 0;
    if (options.propagation() == Propagation.FOREGROUND) {
      Metadata.addFinalizer(object, "foregroundDeletion");
    } else if (options.propagation() == Propagation.ORPHAN) {
      Metadata.addFinalizer(object, "orphan");
    }
    if (resource.equals(DEFINITIONS)) {
      Metadata.addFinalizer(object, CUSTOM_RESOURCES);
    }
    ObjectNode metadata = Metadata.of(object);
    boolean first = !Metadata.deleting(object);
    long before = metadata.path("deletionGracePeriodSeconds").asLong();
    if (first || grace < before) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      metadata.put("deletionTimestamp", now.plusSeconds(grace).toString());
      metadata.put("deletionGracePeriodSeconds", grace);
    }
    if (first && metadata.has("generation")) {
      metadata.put("generation", Metadata.generation(object) + 1);
    }
    if (resource.equals("namespaces")) {
      object.withObject("/status").put("phase", "Terminating");
    }
  }

  private static long podGrace(ObjectNode pod, DeleteOptions options) {
    JsonNode spec = pod.path("spec");
    String phase = pod.path("status").path("phase").asText("");
    boolean finished = phase.equals("Succeeded") || phase.equals("Failed");
    if (finished || spec.path("nodeName").asText("").isEmpty()) {
      return 0;
    }
    Long wanted = options.gracePeriodSeconds();
    long grace = wanted == null ? spec.path("terminationGracePeriodSeconds").asLong(30) : wanted;
    return grace < 0 ? 1 : grace;
  }

  /** Whether nothing holds an object any more whose deletion has begun. */
  static boolean finished(String resource, ObjectNode object) {
    boolean held =
        resource.equals("namespaces") && !object.path("spec").path("finalizers").isEmpty();
    return Metadata.deleting(object)
        && !held
        && Metadata.of(object).path("deletionGracePeriodSeconds").asLong() == 0
        && Metadata.finalizers(object).isEmpty();
  }

  /** Removes. Empty when another writer was quicker. */
  Optional<ObjectNode> remove(Stored current) {
    Optional<Stored> removed = store.remove(current.key(), current.revision());
    removed.ifPresent(consequences::removed);
    return removed.map(Stored::object);
  }
}
