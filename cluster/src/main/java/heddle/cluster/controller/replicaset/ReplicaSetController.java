package heddle.cluster.controller.replicaset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.pods.Ownership;
import heddle.cluster.controller.pods.PodFacts;
import heddle.cluster.event.EventRecorder;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.LabelSelector;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.informer.Reconciler;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates and deletes pods until as many are active as {@code spec.replicas} says; adopts matching
 * orphans and releases pods that match no longer.
 */
public final class ReplicaSetController implements Reconciler {

  private final Objects objects;
  private final ObjectCache sets;
  private final ObjectCache pods;
  private final EventRecorder events;
  private final Clock clock;

  /** The newest revision this controller wrote for a set; until the cache is there, it waits. */
  private final Map<Key, Long> written = new ConcurrentHashMap<>();

  public ReplicaSetController(
      Objects objects, ObjectCache sets, ObjectCache pods, EventRecorder events, Clock clock) {
    this.objects = objects;
    this.sets = sets;
    this.pods = pods;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public Optional<Duration> reconcile(Key key) {
    Optional<ObjectNode> found = sets.get(key);
    if (found.isEmpty()) {
      written.remove(key);
      return Optional.empty();
    }
    ObjectNode set = found.get();
    if (pods.revision() < written.getOrDefault(key, 0L)) {
      return Optional.empty(); // The pods it wrote are on their way here, and will ask again.
    }
    List<ObjectNode> active = claim(set);
    @Nullable ApiException failure = null;
    if (!Metadata.deleting(set)) {
      failure = scale(key, set, active);
    }
    Optional<Duration> again = report(set, active, failure);
    if (failure != null) {
      throw failure;
    }
    return again;
  }

  private List<ObjectNode> claim(ObjectNode set) {
    LabelSelector selector = LabelSelector.of(set.path("spec").path("selector"));
    String uid = Metadata.uid(set);
    List<ObjectNode> active = new ArrayList<>();
    for (ObjectNode pod : pods.ownedBy(uid)) {
      if (!PodFacts.active(pod)) {
        continue;
      }
      if (selector.matches(Metadata.labels(pod))) {
        active.add(pod);
      } else {
        change(pod, copy -> Ownership.release(copy, uid));
      }
    }
    if (!Metadata.deleting(set)) {
      for (ObjectNode pod : pods.in(Metadata.namespace(set))) {
        if (ObjectCache.owner(pod) == null
            && PodFacts.active(pod)
            && selector.matches(Metadata.labels(pod))) {
          change(pod, copy -> Ownership.control(Kinds.REPLICA_SETS, set, copy));
          active.add(pod);
        }
      }
    }
    return active;
  }

  private void change(ObjectNode pod, java.util.function.Consumer<ObjectNode> edit) {
    objects.modify(
        Kinds.PODS,
        Metadata.namespace(pod),
        Metadata.name(pod),
        copy -> {
          edit.accept(copy);
          return copy;
        });
  }

  private @Nullable ApiException scale(Key key, ObjectNode set, List<ObjectNode> active) {
    int wanted = set.path("spec").path("replicas").asInt(1);
    try {
      for (int missing = wanted - active.size(); missing > 0; missing--) {
        remember(key, create(set));
      }
      if (active.size() > wanted) {
        active.stream()
            .sorted(DeletionOrder.first())
            .limit((long) active.size() - wanted)
            .forEach(pod -> delete(key, set, pod));
      }
      return null;
    } catch (ApiException e) {
      About about = About.of("apps/v1", "ReplicaSet", set);
      events.warning(about, "FailedCreate", "Error creating: " + e.getMessage());
      return e;
    }
  }

  private void remember(Key key, ObjectNode object) {
    written.merge(key, Long.parseLong(Metadata.resourceVersion(object)), Math::max);
  }

  private ObjectNode create(ObjectNode set) {
    ObjectNode pod = (ObjectNode) set.path("spec").path("template").deepCopy();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = Metadata.of(pod);
    metadata.remove("creationTimestamp");
    metadata.put("generateName", Metadata.name(set) + "-");
    metadata.put("namespace", Metadata.namespace(set));
    Ownership.control(Kinds.REPLICA_SETS, set, pod);
    ObjectNode created = objects.create(Kinds.PODS, pod);
    events.normal(
        About.of("apps/v1", "ReplicaSet", set),
        "SuccessfulCreate",
        "Created pod: " + Metadata.name(created));
    return created;
  }

  private void delete(Key key, ObjectNode set, ObjectNode pod) {
    try {
      objects.delete(
          Kinds.PODS,
          Metadata.namespace(pod),
          Metadata.name(pod),
          new DeleteOptions(null, Metadata.uid(pod), null, DeleteOptions.Propagation.BACKGROUND));
    } catch (ApiException e) {
      if (e.code() == 404) {
        return;
      }
      throw e;
    }
    objects
        .get(Kinds.PODS, Metadata.namespace(pod), Metadata.name(pod))
        .ifPresent(marked -> remember(key, marked));
    events.normal(
        About.of("apps/v1", "ReplicaSet", set),
        "SuccessfulDelete",
        "Deleted pod: " + Metadata.name(pod));
  }

  /** Writes the status; returns when the next pod becomes available by waiting alone. */
  private Optional<Duration> report(
      ObjectNode set, List<ObjectNode> active, @Nullable ApiException failure) {
    Duration minReady = Duration.ofSeconds(set.path("spec").path("minReadySeconds").asLong());
    Instant now = clock.instant();
    int ready = 0;
    int available = 0;
    @Nullable Duration next = null;
    for (ObjectNode pod : active) {
      Optional<Duration> wait = PodFacts.untilAvailable(pod, minReady, now);
      if (wait.isPresent()) {
        ready++;
        if (wait.get().isZero()) {
          available++;
        } else if (next == null || wait.get().compareTo(next) < 0) {
          next = wait.get();
        }
      }
    }
    ReplicaSetStatus status = new ReplicaSetStatus(active.size(), ready, available, failure);
    objects.modifyStatus(
        Kinds.REPLICA_SETS,
        Metadata.namespace(set),
        Metadata.name(set),
        copy -> status.write(copy, Metadata.generation(set), now));
    return Optional.ofNullable(next);
  }
}
