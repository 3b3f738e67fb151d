package heddle.control.report;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.control.view.ClusterView;
import heddle.kube.KubeApi;
import heddle.kube.KubeObject;
import heddle.kube.apply.SourceLines;
import heddle.kube.loop.ControllerLoop;
import heddle.kube.loop.Outcome;
import heddle.kube.status.Condition;
import heddle.kube.status.EventRecorder;
import heddle.kube.status.StatusWriter;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.ResourceStatus;
import heddle.resource.ResourceKey;
import heddle.xds.ResourceType;
import heddle.xds.ads.Nack;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Writes {@code <Kind>Active} with reason and message, the ARNs, and an event for what is wrong.
 * What data planes refused becomes the condition {@code DataPlaneAccepted} of the resource that the
 * refused configuration came from. Writing happens on threads of its own and is repeated until it
 * succeeds.
 */
public final class StatusReporter implements AutoCloseable {
  /** Is False while a data plane refuses what a resource was compiled to. */
  public static final String ACCEPTED = "DataPlaneAccepted";

  private static final int WRITERS = 4;

  private final ClusterView view;
  private final StatusWriter writer;
  private final EventRecorder events;
  private final Arns arns;
  private final ControllerLoop loop;
  private final Map<String, Seen> statuses = new ConcurrentHashMap<>();
  private final Map<String, Map<NodeType, Refusal>> refusals = new ConcurrentHashMap<>();

  private record NodeType(String nodeId, ResourceType type) {}

  /** What was refused of a resource: some field of it, or it does not say which. */
  private record Refusal(String field, String words) {
    String in(KubeObject object) {
      String place = SourceLines.place(object, field).orElse("");
      String where =
          field.isEmpty() || place.isEmpty() ? field + place : field + " (" + place + ")";
      return where.isEmpty() ? words : where + ": " + words;
    }
  }

  /** What was said of an object, and which state of the object it was said of. */
  private record Seen(
      ResourceStatus status, String uid, long generation, Map<String, JsonNode> arns) {
    boolean isOf(KubeObject object) {
      return object.uid().equals(uid) && object.generation() == generation;
    }
  }

  /** Starts the writers. */
  public StatusReporter(
      KubeApi api,
      ClusterView view,
      EventRecorder events,
      InstantSource clock,
      LongSupplier ticker) {
    this.view = view;
    this.writer = new StatusWriter(api, clock);
    this.events = events;
    this.arns = new Arns(view);
    this.loop = ControllerLoop.start("status", WRITERS, this::write, ticker);
  }

  /**
   * What a compilation says of every resource.
   *
   * @param compiled the objects that it was made from
   */
  public void report(Collection<ResourceStatus> latest, Collection<KubeObject> compiled) {
    Map<String, KubeObject> objects = new HashMap<>();
    compiled.forEach(
        object ->
            objects.put(
                id(new ResourceKey(object.kind(), object.namespace(), object.name())), object));
    Map<String, Seen> byId = new HashMap<>();
    for (ResourceStatus status : latest) {
      KubeObject object = objects.get(id(status.key()));
      if (object != null) {
        byId.put(
            id(status.key()),
            new Seen(status, object.uid(), object.generation(), arns.fields(object)));
      }
    }
    statuses.keySet().retainAll(byId.keySet());
    refusals.keySet().retainAll(byId.keySet());
    byId.forEach(
        (id, seen) -> {
          // A mesh has thousands of resources, and a compilation says something new of a few.
          if (!seen.equals(statuses.put(id, seen)) || refusals.containsKey(id)) {
            loop.enqueue(id);
          }
        });
  }

  /** A data plane refused what was compiled from a resource. */
  public void refused(Provenance origin, Nack nack) {
    String id = id(new ResourceKey(origin.kind(), origin.namespace(), origin.name()));
    String words = nack.type() + " " + String.join(", ", nack.resources()) + ": " + nack.message();
    refusals
        .computeIfAbsent(id, unknown -> new ConcurrentHashMap<>())
        .put(new NodeType(nack.nodeId(), nack.type()), new Refusal(origin.field(), words));
    loop.enqueue(id);
  }

  /** A data plane accepted a later version: what it refused before is history. */
  public void accepted(String nodeId, ResourceType type) {
    refusals.forEach(
        (id, refused) -> {
          if (refused.remove(new NodeType(nodeId, type)) != null) {
            loop.enqueue(id);
          }
        });
  }

  /** A data plane is gone, and with it what it refused. */
  public void left(String nodeId) {
    refusals.forEach(
        (id, refused) -> {
          if (refused.keySet().removeIf(by -> by.nodeId().equals(nodeId))) {
            loop.enqueue(id);
          }
        });
  }

  @Override
  public void close() {
    loop.close();
  }

  private Outcome write(String id) {
    Seen seen = statuses.get(id);
    if (seen == null || seen.status.key().kind().equals("BackendGroup")) {
      return Outcome.done();
    }
    ResourceStatus status = seen.status;
    Optional<KubeObject> object =
        view.meshObject(status.key().kind(), status.key().namespace(), status.key().name());
    if (object.isEmpty() || !seen.isOf(object.get())) {
      return Outcome.done(); // It has changed since: the compilation of what it is now will tell.
    }
    List<Condition> conditions = new ArrayList<>();
    conditions.add(
        new Condition(
            status.key().kind() + "Active", status.active(), status.reason(), status.message()));
    dataPlane(id, object.get()).ifPresent(conditions::add);
    boolean written = writer.write(object.get(), conditions, seen.arns);
    if (written) {
      announce(object.get(), conditions);
    }
    return Outcome.done();
  }

  /** The condition is there only since a first refusal. */
  private Optional<Condition> dataPlane(String id, KubeObject object) {
    Map<NodeType, Refusal> refused = refusals.getOrDefault(id, Map.of());
    if (refused.isEmpty() && object.condition(ACCEPTED).isEmpty()) {
      return Optional.empty();
    }
    String message =
        refused.values().stream()
            .distinct()
            .map(refusal -> refusal.in(object))
            .sorted()
            .collect(Collectors.joining("; "));
    return Optional.of(
        new Condition(
            ACCEPTED, refused.isEmpty(), refused.isEmpty() ? "Accepted" : "Refused", message));
  }

  private void announce(KubeObject object, List<Condition> conditions) {
    for (Condition condition : conditions) {
      if (!condition.holds()) {
        events.record(object, EventRecorder.Type.WARNING, "ReconcileError", condition.message());
      }
    }
  }

  private static String id(ResourceKey key) {
    return key.kind() + "/" + key.namespace() + "/" + key.name();
  }
}
