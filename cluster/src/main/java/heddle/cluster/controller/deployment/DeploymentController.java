package heddle.cluster.controller.deployment;

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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Brings a Deployment's ReplicaSets to its template and its replicas, one step per look; each
 * step's effect on the sets' status brings the next look.
 */
public final class DeploymentController implements Reconciler {

  private final Objects objects;
  private final ObjectCache deployments;
  private final ObjectCache sets;
  private final ObjectCache pods;
  private final EventRecorder events;
  private final DeploymentStatus status;
  private final ReplicaSetFactory factory;

  /** The newest revision of a set this controller wrote for a deployment. */
  private final Map<Key, Long> written = new ConcurrentHashMap<>();

  public DeploymentController(
      Objects objects,
      ObjectCache deployments,
      ObjectCache sets,
      ObjectCache pods,
      EventRecorder events,
      Clock clock) {
    this.objects = objects;
    this.deployments = deployments;
    this.sets = sets;
    this.pods = pods;
    this.events = events;
    this.status = new DeploymentStatus(objects, clock);
    this.factory = new ReplicaSetFactory(objects);
  }

  @Override
  public Optional<Duration> reconcile(Key key) {
    Optional<ObjectNode> found = deployments.get(key);
    if (found.isEmpty()) {
      written.remove(key);
      return Optional.empty();
    }
    if (sets.revision() < written.getOrDefault(key, 0L)) {
      return Optional.empty(); // What it wrote is on its way here, and will ask again.
    }
    Rollout rollout = Rollout.of(found.get(), claim(found.get()));
    if (!Metadata.deleting(found.get())) {
      rollout = step(key, rollout);
    }
    return status.write(rollout);
  }

  private List<ObjectNode> claim(ObjectNode deployment) {
    List<ObjectNode> owned = new ArrayList<>(sets.ownedBy(Metadata.uid(deployment)));
    if (Metadata.deleting(deployment)) {
      return owned;
    }
    LabelSelector selector = LabelSelector.of(deployment.path("spec").path("selector"));
    for (ObjectNode set : sets.in(Metadata.namespace(deployment))) {
      if (ObjectCache.owner(set) == null
          && !Metadata.deleting(set)
          && selector.matches(Metadata.labels(set))) {
        change(
            Key.of(deployment),
            set,
            copy -> Ownership.control(Kinds.DEPLOYMENTS, deployment, copy));
        owned.add(set);
      }
    }
    return owned;
  }

  private Rollout step(Key key, Rollout rollout) {
    ObjectNode deployment = rollout.deployment();
    boolean paused = deployment.path("spec").path("paused").asBoolean();
    if (paused) {
      resize(key, rollout);
      return rollout;
    }
    boolean recreate =
        deployment.path("spec").path("strategy").path("type").asText().equals("Recreate");
    if (recreate && !oldPodsGone(key, rollout)) {
      return rollout;
    }
    Rollout ready = withCurrent(key, rollout);
    if (ready.current() == null) {
      return ready;
    }
    if (recreate) {
      scale(key, deployment, ready.current(), wanted(deployment));
    } else {
      roll(key, ready);
    }
    prune(ready);
    return ready;
  }

  private static int wanted(ObjectNode deployment) {
    return deployment.path("spec").path("replicas").asInt(1);
  }

  /** Scales the old sets of a Recreate down; true once none of their pods runs. */
  private boolean oldPodsGone(Key key, Rollout rollout) {
    boolean gone = true;
    for (ObjectNode set : rollout.old()) {
      scale(key, rollout.deployment(), set, 0);
      gone &= pods.ownedBy(Metadata.uid(set)).stream().allMatch(PodFacts::finished);
    }
    return gone;
  }

  /** A paused deployment still follows its replicas: the one set that has pods takes the change. */
  private void resize(Key key, Rollout rollout) {
    ObjectNode active = rollout.current();
    for (ObjectNode set : rollout.old()) {
      if (Rollout.wanted(set) > 0 && (active == null || Rollout.wanted(active) == 0)) {
        active = set;
      }
    }
    if (active != null && rollout.old().stream().filter(s -> Rollout.wanted(s) > 0).count() <= 1) {
      scale(key, rollout.deployment(), active, wanted(rollout.deployment()));
    }
  }

  private Rollout withCurrent(Key key, Rollout rollout) {
    ObjectNode current = rollout.current();
    long revision = rollout.newestOldRevision() + 1;
    if (current == null) {
      Optional<ObjectNode> created = factory.create(rollout.deployment(), revision);
      if (created.isEmpty()) {
        return rollout; // The name was taken by another template: the next look has a new hash.
      }
      remember(key, created.get());
      return new Rollout(rollout.deployment(), created.get(), rollout.old());
    }
    if (Rollout.revision(current) < revision) {
      change(key, current, copy -> ReplicaSetFactory.revise(copy, revision));
    }
    return rollout;
  }

  private void roll(Key key, Rollout rollout) {
    ObjectNode deployment = rollout.deployment();
    ObjectNode current = java.util.Objects.requireNonNull(rollout.current());
    RollingUpdate update = RollingUpdate.of(deployment.path("spec"));
    RollingUpdate.Size size = Rollout.size(current);
    List<RollingUpdate.Size> old = rollout.old().stream().map(Rollout::size).toList();
    if (scale(key, deployment, current, update.newSize(size, old))) {
      return;
    }
    for (RollingUpdate.Step step : update.shrink(size, old)) {
      for (ObjectNode set : rollout.old()) {
        if (Metadata.name(set).equals(step.name())) {
          scale(key, deployment, set, step.replicas());
        }
      }
    }
  }

  private boolean scale(Key key, ObjectNode deployment, ObjectNode set, int replicas) {
    int before = Rollout.wanted(set);
    if (before == replicas) {
      return false;
    }
    change(
        key,
        set,
        copy -> {
          copy.withObject("/spec").put("replicas", replicas);
          ReplicaSetFactory.bounds(copy, deployment);
        });
    events.normal(
        About.of("apps/v1", "Deployment", deployment),
        "ScalingReplicaSet",
        "Scaled %s replica set %s from %d to %d"
            .formatted(before < replicas ? "up" : "down", Metadata.name(set), before, replicas));
    return true;
  }

  private void change(Key key, ObjectNode set, Consumer<ObjectNode> edit) {
    objects
        .modify(
            Kinds.REPLICA_SETS,
            Metadata.namespace(set),
            Metadata.name(set),
            copy -> {
              edit.accept(copy);
              return copy;
            })
        .ifPresent(stored -> remember(key, stored));
  }

  private void remember(Key key, ObjectNode object) {
    written.merge(key, Long.parseLong(Metadata.resourceVersion(object)), Math::max);
  }

  /** Deletes empty old sets beyond the history limit once the rollout is complete. */
  private void prune(Rollout rollout) {
    if (!DeploymentStatus.complete(rollout)) {
      return;
    }
    int limit = rollout.deployment().path("spec").path("revisionHistoryLimit").asInt(10);
    List<ObjectNode> empty =
        rollout.old().stream()
            .filter(set -> Rollout.wanted(set) == 0 && Rollout.size(set).actual() == 0)
            .filter(set -> !Metadata.deleting(set))
            .sorted(Comparator.comparingLong(Rollout::revision))
            .toList();
    for (ObjectNode set : empty.subList(0, Math.max(0, empty.size() - limit))) {
      try {
        objects.delete(
            Kinds.REPLICA_SETS,
            Metadata.namespace(set),
            Metadata.name(set),
            DeleteOptions.background());
      } catch (ApiException e) {
        if (e.code() != 404) {
          throw e;
        }
      }
    }
  }
}
