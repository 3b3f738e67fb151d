package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.probe.Probe;
import heddle.cluster.node.probe.Prober;
import heddle.cluster.node.volume.ConfigurationException;
import heddle.cluster.node.volume.PodVolumes;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.network.NetworkException;
import heddle.network.PodNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one pod from its binding to its end. All decisions are made on one virtual thread, which
 * takes messages from a mailbox, acts, and writes the status when it differs; whatever blocks runs
 * beside it and answers by message.
 */
public final class PodWorker {
  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration KILLED = Duration.ofSeconds(10);

  private final NodeContext node;
  private final PodDirectory directory;
  private final String uid;
  private final About about;
  private final Consumer<PodWorker> onEnd;
  private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final ExecutorService tasks;
  private final CountDownLatch finished = new CountDownLatch(1);
  private final PodContainers containers;
  private final PodVolumes volumes;
  private final Prober prober;
  private ObjectNode pod;
  private @Nullable Setup setup;
  private @Nullable JsonNode reported;
  private PodStatus.@Nullable Failure failure;
  private boolean terminating;
  private boolean stopped;
  private boolean ended;
  private long grace = Long.MAX_VALUE;
  private volatile List<ContainerView> views = List.of();
  private volatile @Nullable PodNetwork network;

  /** What exists once the pod has its network. */
  private record Setup(
      PodNetwork network, ContainerStarter starter, Hooks hooks, PodProbes probes) {}

  private PodWorker(NodeContext node, ObjectNode pod, Consumer<PodWorker> onEnd) {
    this.node = node;
    this.pod = pod.deepCopy();
    this.uid = Metadata.uid(pod);
    this.about = About.of("v1", "Pod", pod);
    this.onEnd = onEnd;
    this.directory = PodDirectory.of(node.directory(), uid);
    String name = Metadata.namespace(pod) + "/" + Metadata.name(pod);
    this.tasks =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("pod-" + name + "-", 0).factory());
    this.containers = new PodContainers(node, directory, pod, tasks, mailbox::add);
    this.volumes =
        new PodVolumes(
            directory.volumes(), node.objects(), node.tokens(), node.allocatable(), node.clock());
    this.prober = new Prober(node.network());
  }

  /**
   * Takes over a pod, without doing anything yet. If its status says that it ran before, its
   * containers count one more restart, as after the reboot of a node.
   *
   * @param onEnd called when the pod has ended
   */
  public static PodWorker of(NodeContext node, ObjectNode pod, Consumer<PodWorker> onEnd) {
    PodWorker worker = new PodWorker(node, pod, onEnd);
    Revival.of(pod, worker.containers.slots(), node.clock().instant());
    worker.publish();
    return worker;
  }

  /** Starts running the pod. */
  public void start() {
    Thread.ofVirtual().name("pod-" + about.namespace() + "/" + about.name()).start(this::run);
  }

  public String uid() {
    return uid;
  }

  public void updated(ObjectNode changed) {
    mailbox.add(new Message.Updated(changed));
  }

  /** The pod was removed from the API: everything of it ends at once. */
  public void gone() {
    mailbox.add(new Message.Gone());
  }

  /** A ConfigMap or Secret of its namespace changed. */
  public void refresh() {
    mailbox.add(new Message.Refresh());
  }

  /** Ends the containers but leaves the pod in the API; returns at once. */
  public void shutdown() {
    mailbox.add(new Message.Shutdown());
  }

  /**
   * Waits for the end.
   *
   * @return false when it takes longer
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return finished.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The containers as they stand, in the order of the manifest, init containers first. */
  public List<ContainerView> containers() {
    return views;
  }

  /** The pod's network, once it has one. */
  public Optional<PodNetwork> network() {
    return Optional.ofNullable(network);
  }

  private void run() {
    try {
      turn(List.of(new Message.Wake()));
      while (!ended) {
        List<Message> batch = new ArrayList<>();
        batch.add(mailbox.take());
        mailbox.drainTo(batch);
        turn(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tasks.close();
      finished.countDown();
      onEnd.accept(this);
    }
  }

  private void turn(List<Message> batch) {
    try {
      batch.forEach(this::handle);
      if (!ended) {
        step();
        publish();
        report();
      }
    } catch (RuntimeException e) {
      LOG.warn("pod {}/{}: trying again", about.namespace(), about.name(), e);
      wakeAfter(RETRY);
    }
  }

  private void handle(Message message) {
    switch (message) {
      case Message.Updated updated -> take(updated.pod());
      case Message.Wake wake -> {}
      case Message.Refresh refresh -> containers.configurationChanged();
      case Message.Started started -> started(started);
      case Message.NotStarted failed -> {
        if (failed.run() == failed.slot().run) {
          containers.notStarted(failed);
        }
      }
      case Message.Exited exited -> {
        if (exited.run() == exited.slot().run) {
          containers.exited(exited);
        }
      }
      case Message.Probed probed -> {
        if (probed.run() == probed.slot().run && probed.slot().running != null) {
          probed(probed);
        }
      }
      case Message.Stopped done -> stopped = true;
      case Message.Gone gone -> end(true);
      case Message.Shutdown shutdown -> end(false);
    }
  }

  /** Takes a newer state of the pod; our own writes come back late. */
  private void take(ObjectNode changed) {
    if (version(changed) > version(pod)) {
      pod = changed.deepCopy();
    }
  }

  private static long version(ObjectNode object) {
    String version = Metadata.resourceVersion(object);
    return version.isEmpty() ? 0 : Long.parseLong(version);
  }

  private void started(Message.Started message) {
    containers.started(message);
    Setup present = setup;
    if (terminating || present == null) {
      message.what().container().kill();
    } else {
      present.probes().begin(message.slot(), containers.about(message.slot().spec));
    }
  }

  private void probed(Message.Probed probed) {
    ContainerSlot slot = probed.slot();
    switch (probed.kind()) {
      case READINESS -> slot.ready = probed.success();
      case LIVENESS -> {
        if (!probed.success()) {
          restart(slot, probed.kind());
        }
      }
      case STARTUP -> {
        if (!probed.success()) {
          restart(slot, probed.kind());
        } else if (!slot.started && setup != null) {
          slot.closeProbes();
          slot.started = true;
          slot.ready = !slot.spec.has(Probe.Kind.READINESS.field());
          setup.probes().afterStartup(slot, containers.about(slot.spec));
        }
      }
    }
  }

  private void restart(ContainerSlot slot, Probe.Kind kind) {
    RunningContainer container = slot.running;
    if (terminating || container == null) {
      return;
    }
    slot.closeProbes();
    slot.ready = false;
    node.events()
        .normal(
            containers.about(slot.spec),
            "Killing",
            "Container %s failed %s probe, will be restarted"
                .formatted(slot.spec.name(), kind.title().toLowerCase(java.util.Locale.ROOT)));
    JsonNode own = slot.spec.tree().path(kind.field()).path("terminationGracePeriodSeconds");
    Duration patience =
        Duration.ofSeconds(
            own.isInt()
                ? own.asLong()
                : pod.path("spec").path("terminationGracePeriodSeconds").asLong(30));
    tasks.execute(() -> stop(container, patience));
  }

  private static void stop(RunningContainer container, Duration patience) {
    try {
      container.terminate(patience);
      if (!Termination.await(container.exit(), patience)) {
        container.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() {
    if (Metadata.deleting(pod)) {
      terminate();
      return;
    }
    if (failure != null || containers.done(pod)) {
      rest();
      return;
    }
    if (setUp() && !outOfTime()) {
      Setup present = java.util.Objects.requireNonNull(setup);
      containers.step(addressed(present.network()), present.starter(), present.hooks());
    }
  }

  /** The pod with its addresses, as environment variables need it. */
  private ObjectNode addressed(PodNetwork joined) {
    ObjectNode copy = pod.deepCopy();
    return new PodStatus(copy, containers.slots(), node.clock().instant())
        .write(joined.address(), node.network().nodeAddress(), null);
  }

  /** A pod that has come to its end: its sidecars stop, its network goes, its logs stay. */
  private void rest() {
    for (ContainerSlot slot : containers.running()) {
      if (!slot.stopping && slot.running instanceof RunningContainer container) {
        slot.stopping = true;
        slot.closeProbes();
        tasks.execute(() -> stop(container, Duration.ofSeconds(5)));
      }
    }
    if (!containers.anyAlive()) {
      leaveNetwork();
    }
  }

  private boolean outOfTime() {
    JsonNode seconds = pod.path("spec").path("activeDeadlineSeconds");
    String since = pod.path("status").path("startTime").asText("");
    if (!seconds.isNumber() || since.isEmpty()) {
      return false;
    }
    Instant deadline = Instant.parse(since).plusSeconds(seconds.asLong());
    if (node.clock().instant().isBefore(deadline)) {
      containers.wakeAt(deadline);
      return false;
    }
    failure =
        new PodStatus.Failure(
            "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
    rest();
    return true;
  }

  /** Gives the pod its network, files and volumes; false when that must wait. */
  private boolean setUp() {
    try {
      if (setup == null) {
        setup = join();
      }
      volumes.refresh(pod);
      volumes.renewal().ifPresent(containers::wakeAt);
      return true;
    } catch (ConfigurationException e) {
      node.events().warning(about, "FailedMount", "MountVolume.SetUp failed: " + e.getMessage());
    } catch (NetworkException | IOException e) {
      node.events()
          .warning(
              about, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
    }
    wakeAfter(RETRY);
    return false;
  }

  private Setup join() throws IOException {
    PodNetwork joined = node.network().addPod(uid);
    network = joined;
    PodEtc etc = new PodEtc(pod, directory.etc());
    etc.write(joined.address(), node.network().nameServer());
    return new Setup(
        joined,
        new ContainerStarter(node, directory, joined, etc, volumes),
        new Hooks(prober, joined.address()),
        new PodProbes(node, prober, joined.address(), mailbox::add));
  }

  private void terminate() {
    long seconds = pod.path("metadata").path("deletionGracePeriodSeconds").asLong(30);
    if (!terminating) {
      terminating = true;
      grace = seconds;
      containers.slots().forEach(slot -> slot.due = null);
      stopAll(Duration.ofSeconds(seconds));
    } else if (seconds < grace) {
      grace = seconds;
      node.timer().schedule(this::killAll, seconds, TimeUnit.SECONDS);
    }
    if (stopped && !containers.anyAlive()) {
      publish();
      report();
      end(true);
    }
  }

  private void stopAll(Duration patience) {
    Setup present = setup;
    List<Termination.Victim> victims = new ArrayList<>();
    for (ContainerSlot slot : containers.slots()) {
      if (slot.running instanceof RunningContainer container) {
        victims.add(new Termination.Victim(slot.spec, container, containers.about(slot.spec)));
      }
    }
    if (present == null || victims.isEmpty()) {
      stopped = true;
      return;
    }
    Termination termination =
        new Termination(node, pod.deepCopy(), present.hooks(), tasks, patience);
    tasks.execute(
        () -> {
          try {
            termination.run(victims);
            mailbox.add(new Message.Stopped());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void killAll() {
    views.forEach(
        view -> {
          if (view.running() instanceof RunningContainer container) {
            container.kill();
          }
        });
  }

  /**
   * Ends everything.
   *
   * @param forGood whether the pod's files go, and the pod itself when it is still in the API
   */
  private void end(boolean forGood) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      killStarted();
      leaveNetwork();
      if (forGood) {
        directory.delete();
        remove();
      }
    } catch (IOException e) {
      LOG.warn("files of pod {}/{} remain: {}", about.namespace(), about.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Also containers whose start is on its way. */
  private void killStarted() throws InterruptedException {
    for (ContainerSlot slot : containers.slots()) {
      slot.closeProbes();
    }
    for (RunningContainer container : runningOrStarting()) {
      container.kill();
      Termination.await(container.exit(), KILLED);
    }
  }

  private List<RunningContainer> runningOrStarting() throws InterruptedException {
    List<RunningContainer> running = new ArrayList<>();
    for (ContainerSlot slot : containers.slots()) {
      if (slot.running instanceof RunningContainer container) {
        running.add(container);
      }
    }
    while (containers.slots().stream().anyMatch(slot -> slot.starting)) {
      Message message = mailbox.poll(KILLED.toSeconds(), TimeUnit.SECONDS);
      if (message == null) {
        return running;
      }
      if (message instanceof Message.Started started) {
        started.slot().starting = false;
        running.add(started.what().container());
      } else if (message instanceof Message.NotStarted failed) {
        failed.slot().starting = false;
      }
    }
    return running;
  }

  private void leaveNetwork() {
    if (setup != null) {
      setup = null;
      network = null;
      node.network().removePod(uid);
    }
  }

  private void remove() {
    try {
      node.objects()
          .delete(Kinds.PODS, about.namespace(), about.name(), DeleteOptions.immediately(uid));
    } catch (ApiException e) {
      // Removed by force, or another pod has its name by now.
      if (e.code() != 404 && e.code() != 409) {
        throw e;
      }
    }
  }

  private void wakeAfter(Duration delay) {
    try {
      containers.wakeAt(node.clock().instant().plus(delay));
    } catch (RejectedExecutionException closing) {
      LOG.debug("the node agent closes", closing);
    }
  }

  private void publish() {
    List<ContainerView> now = new ArrayList<>();
    for (ContainerSlot slot : containers.slots()) {
      String name = slot.spec.name();
      Path log = directory.log(name, slot.restarts);
      Path previous = slot.restarts == 0 ? null : directory.log(name, slot.restarts - 1);
      boolean everRan = slot.log != null || !slot.containerId.isEmpty();
      now.add(
          new ContainerView(
              name,
              slot.spec.role() == ContainerSpec.Role.MAIN,
              slot.state instanceof ContainerState.Waiting waiting ? waiting.reason() : "",
              slot.running,
              everRan ? log : null,
              slot.log,
              previous));
    }
    views = List.copyOf(now);
  }

  private void report() {
    ObjectNode mine = status(pod.deepCopy());
    JsonNode status = mine.path("status");
    if (status.equals(reported)) {
      return;
    }
    node.objects()
        .modifyStatus(
            Kinds.PODS,
            about.namespace(),
            about.name(),
            stored -> Metadata.uid(stored).equals(uid) ? status(stored) : stored)
        .filter(stored -> Metadata.uid(stored).equals(uid))
        .ifPresent(this::take);
    reported = status;
  }

  private ObjectNode status(ObjectNode stored) {
    PodNetwork joined = network;
    return new PodStatus(stored, containers.slots(), node.clock().instant())
        .write(joined == null ? null : joined.address(), node.network().nodeAddress(), failure);
  }
}
