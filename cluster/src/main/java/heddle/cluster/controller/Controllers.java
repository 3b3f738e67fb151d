package heddle.cluster.controller;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.deployment.DeploymentController;
import heddle.cluster.controller.endpoints.EndpointsController;
import heddle.cluster.controller.endpoints.EndpointsMirror;
import heddle.cluster.controller.garbage.GarbageCollector;
import heddle.cluster.controller.namespace.NamespaceController;
import heddle.cluster.controller.pods.Ownership;
import heddle.cluster.controller.replicaset.ReplicaSetController;
import heddle.cluster.controller.schedule.Scheduler;
import heddle.cluster.event.EventRecorder;
import heddle.cluster.informer.ControllerLoop;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.LabelSelector;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.informer.Reconciler;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts every controller of the cluster, in the order in which they build on each other. */
public final class Controllers implements AutoCloseable {

  private static final ResourceType DEFINITIONS =
      new ResourceType(
          "apiextensions.k8s.io",
          "v1",
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);

  private final Objects objects;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("controller-timer").daemon().factory());

  /** What to close, the last started first. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private final ObjectCache pods;
  private final ObjectCache sets;
  private final ObjectCache deployments;
  private final ObjectCache services;
  private final ObjectCache endpoints;
  private final ObjectCache slices;
  private final ObjectCache namespaces;
  private final ObjectCache definitions;

  private Controllers(Objects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
    this.pods = new ObjectCache(objects, Kinds.PODS);
    this.sets = new ObjectCache(objects, Kinds.REPLICA_SETS);
    this.deployments = new ObjectCache(objects, Kinds.DEPLOYMENTS);
    this.services = new ObjectCache(objects, Kinds.SERVICES);
    this.endpoints = new ObjectCache(objects, Kinds.ENDPOINTS);
    this.slices = new ObjectCache(objects, Kinds.ENDPOINT_SLICES);
    this.namespaces = new ObjectCache(objects, Kinds.NAMESPACES);
    this.definitions = new ObjectCache(objects, DEFINITIONS);
  }

  /**
   * @param node name of the one node, to which pods are bound
   */
  public static Controllers start(Objects objects, String node, Clock clock) {
    Controllers controllers = new Controllers(objects, clock);
    controllers.schedule(node);
    controllers.replicaSets();
    controllers.deployments();
    controllers.endpoints();
    controllers.namespaces();
    GarbageCollector garbage = controllers.garbage();
    for (ObjectCache cache : controllers.caches()) {
      controllers.started.push(cache);
      cache.start();
    }
    garbage.start();
    controllers.sweepEvents();
    return controllers;
  }

  private List<ObjectCache> caches() {
    return List.of(definitions, namespaces, services, endpoints, slices, deployments, sets, pods);
  }

  private ControllerLoop loop(String name, Reconciler reconciler) {
    ControllerLoop loop = new ControllerLoop(name, reconciler, timer);
    started.push(loop);
    loop.start();
    return loop;
  }

  private EventRecorder events(String component) {
    EventRecorder events = new EventRecorder(objects, component, "", clock);
    started.push(events);
    return events;
  }

  private void schedule(String node) {
    Scheduler scheduler = new Scheduler(objects, pods, node, events("default-scheduler"));
    ControllerLoop loop = loop("scheduler", scheduler);
    pods.listen(
        (before, after) -> {
          if (after != null && Scheduler.waiting(after)) {
            loop.enqueue(Key.of(after));
          }
        });
  }

  private void replicaSets() {
    ReplicaSetController controller =
        new ReplicaSetController(objects, sets, pods, events("replicaset-controller"), clock);
    ControllerLoop loop = loop("replicaset", controller);
    sets.listen((before, after) -> loop.enqueue(Key.of(present(before, after))));
    pods.listen(
        (before, after) -> {
          var pod = present(before, after);
          Ownership.controller(pod, "ReplicaSet")
              .ifPresentOrElse(loop::enqueue, () -> adopters(pod, loop));
        });
  }

  /** A pod without an owner may belong to any set whose selector matches it. */
  private void adopters(ObjectNode pod, ControllerLoop loop) {
    for (var set : sets.in(Metadata.namespace(pod))) {
      if (LabelSelector.of(set.path("spec").path("selector")).matches(Metadata.labels(pod))) {
        loop.enqueue(Key.of(set));
      }
    }
  }

  private void deployments() {
    DeploymentController controller =
        new DeploymentController(
            objects, deployments, sets, pods, events("deployment-controller"), clock);
    ControllerLoop loop = loop("deployment", controller);
    deployments.listen((before, after) -> loop.enqueue(Key.of(present(before, after))));
    sets.listen(
        (before, after) ->
            Ownership.controller(present(before, after), "Deployment").ifPresent(loop::enqueue));
    // Recreate waits for the last old pod to be gone, which no ReplicaSet's status tells.
    pods.listen(
        (before, after) -> {
          if (after == null && before != null) {
            Ownership.controller(before, "ReplicaSet")
                .flatMap(sets::get)
                .flatMap(set -> Ownership.controller(set, "Deployment"))
                .ifPresent(loop::enqueue);
          }
        });
  }

  private void endpoints() {
    EndpointsController controller = new EndpointsController(objects, services, pods, slices);
    ControllerLoop loop = loop("endpoints", controller);
    services.listen((before, after) -> loop.enqueue(Key.of(present(before, after))));
    pods.listen((before, after) -> controller.affected(before, after, loop::enqueue));
    ControllerLoop mirror =
        loop("endpoints-mirror", new EndpointsMirror(objects, services, endpoints, slices));
    services.listen((before, after) -> mirror.enqueue(Key.of(present(before, after))));
    endpoints.listen((before, after) -> mirror.enqueue(Key.of(present(before, after))));
  }

  private void namespaces() {
    ControllerLoop loop = loop("namespace", new NamespaceController(objects, namespaces, clock));
    namespaces.listen(
        (before, after) -> {
          if (after != null && Metadata.deleting(after)) {
            loop.enqueue(Key.of(after));
          }
        });
  }

  private void sweepEvents() {
    ExpiredEvents expired = new ExpiredEvents(objects, clock);
    long every = ExpiredEvents.LOOK.toSeconds();
    timer.scheduleWithFixedDelay(expired::sweep, every, every, TimeUnit.SECONDS);
  }

  private GarbageCollector garbage() {
    GarbageCollector garbage = new GarbageCollector(objects, timer);
    started.push(garbage);
    definitions.listen((before, after) -> garbage.follow());
    return garbage;
  }

  private static ObjectNode present(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    return requireNonNull(after != null ? after : before);
  }

  @Override
  public void close() {
    try {
      while (!started.isEmpty()) {
        started.pop().close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("closing the controllers", e);
    } finally {
      timer.shutdownNow();
    }
  }
}
