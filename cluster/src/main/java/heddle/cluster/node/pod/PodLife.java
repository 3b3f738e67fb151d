package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one pod through its stages: hears what happened, decides what is due, reports. Used by the
 * pod's own thread.
 */
final class PodLife {
  private static final Logger LOG = LoggerFactory.getLogger(PodLife.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration SIDECAR_GRACE = Duration.ofSeconds(5);

  private final NodeContext node;
  private final PodDirectory directory;
  private final About about;
  private final BlockingQueue<Message> mailbox;
  private final Executor tasks;
  private final Alarm alarm;
  private final PodContainers containers;
  private final PodSandbox sandbox;
  private final ProbeVerdicts verdicts;
  private final PodStop stop;
  private final PodReport report;
  private ObjectNode pod;
  private Stage stage = new Stage.Living();

  PodLife(NodeContext node, ObjectNode pod, BlockingQueue<Message> mailbox, Executor tasks) {
    this.node = node;
    this.pod = pod.deepCopy();
    this.mailbox = mailbox;
    this.tasks = tasks;
    this.about = About.of("v1", "Pod", pod);
    this.directory = PodDirectory.of(node.directory(), about.uid());
    this.alarm = new Alarm(node, mailbox::add);
    this.containers = new PodContainers(node, directory, pod, alarm, tasks, mailbox::add);
    this.sandbox = new PodSandbox(node, directory, about, mailbox::add);
    this.verdicts = new ProbeVerdicts(node, containers, tasks);
    this.stop = new PodStop(node, containers, alarm, tasks, mailbox::add);
    this.report = new PodReport(node.objects(), about);
    Revival.of(pod, containers.slots(), node.clock().instant());
  }

  boolean ended() {
    return stage instanceof Stage.Ended;
  }

  /** Its network; safe for any thread. */
  PodSandbox sandbox() {
    return sandbox;
  }

  List<ContainerView> views() {
    return containers.slots().stream().map(slot -> ContainerView.of(slot, directory)).toList();
  }

  void hear(Message message) {
    switch (message) {
      case Message.OfRun late when late.run() != late.slot().run ->
          LOG.debug("{}: of an earlier run: {}", about, late);
      case Message.Updated updated -> take(updated.pod());
      case Message.Wake wake -> {}
      case Message.Refresh refresh -> containers.configurationChanged();
      case Message.Started started -> started(started);
      case Message.NotStarted failed -> containers.notStarted(failed);
      case Message.Exited exited -> containers.exited(exited);
      case Message.Probed probed -> probed(probed);
      case Message.GraceOver over -> killAll();
      case Message.Stopped done -> stop.stopped();
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
    PodSandbox.Joined joined = sandbox.joined();
    if (stop.begun() || joined == null) {
      message.what().container().kill();
    } else {
      joined.probes().begin(message.slot(), containers.about(message.slot().spec));
    }
  }

  /** Only readiness matters to a pod on its way out. */
  private void probed(Message.Probed probed) {
    PodSandbox.Joined joined = sandbox.joined();
    if (probed.slot().running != null && joined != null && (!stop.begun() || probed.readiness())) {
      verdicts.take(probed, pod, joined.probes());
    }
  }

  private void killAll() {
    for (ContainerSlot slot : containers.slots()) {
      if (slot.running instanceof RunningContainer container) {
        container.kill();
      }
    }
  }

  /** Does what is due. */
  void step() {
    stage = Stage.next(stage, pod, containers, node.clock().instant());
    switch (stage) {
      case Stage.Living living -> live();
      case Stage.Done done -> rest();
      case Stage.Leaving leaving -> leave();
      case Stage.Ended ended -> {}
    }
  }

  private void live() {
    Stage.deadline(pod).ifPresent(alarm::wakeAt);
    sandbox
        .prepare(pod)
        .ifPresentOrElse(
            joined -> {
              sandbox.renewal().ifPresent(alarm::wakeAt);
              containers.step(PodStatus.of(pod.deepCopy(), observed()), joined);
            },
            () -> alarm.wakeAfter(RETRY));
  }

  /** A pod that has come to its end: its sidecars stop, its network goes, its logs stay. */
  private void rest() {
    for (ContainerSlot slot : containers.slots()) {
      if (!slot.stopping && slot.running instanceof RunningContainer container) {
        slot.stopping = true;
        slot.closeProbes();
        tasks.execute(() -> Termination.stop(container, SIDECAR_GRACE));
      }
    }
    if (!containers.anyAlive()) {
      sandbox.leave();
    }
  }

  private void leave() {
    PodSandbox.Joined joined = sandbox.joined();
    stop.step(pod, joined == null ? null : joined.hooks());
    if (stop.over()) {
      report();
      clear(true);
      remove(); // a refusal leaves the stage as it is: it is tried again
      stage = new Stage.Ended();
    }
  }

  /** Writes the status when it says something new. */
  void report() {
    if (!ended()) {
      report.write(pod, observed()).ifPresent(this::take);
    }
  }

  private PodStatus.Observation observed() {
    PodSandbox.Joined joined = sandbox.joined();
    return new PodStatus.Observation(
        containers.slots(),
        joined == null ? null : joined.network().address(),
        node.network().nodeAddress(),
        stage.failure(),
        node.clock().instant());
  }

  /** Something went wrong that may go well the next time. */
  void tryAgain() {
    alarm.wakeAfter(RETRY);
  }

  /**
   * Ends everything.
   *
   * @param forGood whether the pod's files go
   */
  private void end(boolean forGood) {
    if (!ended()) {
      clear(forGood);
      stage = new Stage.Ended();
    }
  }

  private void clear(boolean forGood) {
    try {
      Teardown.run(containers.slots(), mailbox);
      sandbox.leave();
      if (forGood) {
        deleteFiles();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deleteFiles() {
    try {
      directory.delete();
    } catch (IOException e) {
      LOG.warn("files of pod {}/{} remain: {}", about.namespace(), about.name(), e.getMessage());
    }
  }

  private void remove() {
    try {
      node.objects()
          .delete(
              Kinds.PODS, about.namespace(), about.name(), DeleteOptions.immediately(about.uid()));
    } catch (ApiException e) {
      // Removed by force, or another pod has its name by now.
      if (e.code() != 404 && e.code() != 409) {
        throw e;
      }
    }
  }
}
