package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.object.Metadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Starts and restarts a pod's containers in order; used by the pod's own thread. */
final class PodContainers {
  private static final Duration CONFIGURATION_RETRY = Duration.ofSeconds(5);
  private static final Duration PULL_RETRY = Duration.ofSeconds(10);
  private static final int LOST = 255;

  private final NodeContext node;
  private final PodDirectory directory;
  private final About about;
  private final Alarm alarm;
  private final Executor tasks;
  private final Consumer<Message> mailbox;
  private final List<ContainerSlot> slots = new ArrayList<>();

  PodContainers(
      NodeContext node,
      PodDirectory directory,
      ObjectNode pod,
      Alarm alarm,
      Executor tasks,
      Consumer<Message> mailbox) {
    this.node = node;
    this.directory = directory;
    this.about = About.of("v1", "Pod", pod);
    this.alarm = alarm;
    this.tasks = tasks;
    this.mailbox = mailbox;
    List<ContainerSpec> specs = ContainerSpec.of(pod);
    boolean init = specs.stream().anyMatch(s -> s.role() != ContainerSpec.Role.MAIN);
    String reason = init ? "PodInitializing" : "ContainerCreating";
    specs.forEach(
        spec -> slots.add(new ContainerSlot(spec, new ContainerState.Waiting(reason, ""))));
  }

  List<ContainerSlot> slots() {
    return slots;
  }

  boolean anyAlive() {
    return slots.stream().anyMatch(ContainerSlot::alive);
  }

  About about(ContainerSpec spec) {
    return about.container(spec.list(), spec.name());
  }

  /** Whether the pod has come to its end by itself. */
  boolean done(RestartPolicy policy) {
    boolean initFailed =
        slots.stream()
            .filter(s -> s.spec.role() == ContainerSpec.Role.INIT)
            .anyMatch(s -> s.terminated() && !s.succeeded() && !policy.restarts(s));
    return initFailed
        || slots.stream()
            .filter(s -> s.spec.role() == ContainerSpec.Role.MAIN)
            .allMatch(s -> s.terminated() && !policy.restarts(s));
  }

  /**
   * Starts what is due.
   *
   * @param pod with its addresses in the status
   */
  void step(ObjectNode pod, PodSandbox.Joined sandbox) {
    for (ContainerSlot slot : slots) {
      boolean finished = slot.spec.role() == ContainerSpec.Role.INIT && slot.succeeded();
      if (!slot.alive() && !finished && due(slot, pod)) {
        slot.starts();
        ContainerStart start =
            new ContainerStart(
                node, about(slot.spec), slot, slot.run, slot.restarts, pod, sandbox, mailbox);
        tasks.execute(start::begin);
      }
      boolean blocks =
          switch (slot.spec.role()) {
            case INIT -> !finished;
            case SIDECAR -> !slot.started;
            case MAIN -> false;
          };
      if (blocks) {
        return;
      }
    }
  }

  private boolean due(ContainerSlot slot, ObjectNode pod) {
    Instant now = node.clock().instant();
    if (slot.state instanceof ContainerState.Terminated ended) {
      if (!RestartPolicy.of(pod).restarts(slot)) {
        return false;
      }
      slot.last = ended;
      Duration delay = BackOff.afterEnds(slot.ends);
      slot.due = ended.finishedAt().plus(delay);
      if (slot.due.isAfter(now)) {
        backOff(slot, pod, delay);
      }
    }
    if (slot.due != null && slot.due.isAfter(now)) {
      alarm.wakeAt(slot.due);
      return false;
    }
    return true;
  }

  private void backOff(ContainerSlot slot, ObjectNode pod, Duration delay) {
    String what =
        "restarting failed container=%s pod=%s_%s(%s)"
            .formatted(
                slot.spec.name(), Metadata.name(pod), Metadata.namespace(pod), Metadata.uid(pod));
    slot.state =
        new ContainerState.Waiting("CrashLoopBackOff", "back-off " + goSeconds(delay) + " " + what);
    node.events().warning(about(slot.spec), "BackOff", "Back-off " + what);
  }

  private static String goSeconds(Duration delay) {
    long minutes = delay.toMinutes();
    return minutes == 0 ? delay.toSeconds() + "s" : minutes + "m" + delay.toSecondsPart() + "s";
  }

  void started(Message.Started message) {
    ContainerSlot slot = message.slot();
    slot.runs(message.what(), node.clock().instant());
    message
        .what()
        .container()
        .exit()
        .whenComplete(
            (code, failure) ->
                mailbox.accept(
                    new Message.Exited(slot, message.run(), failure == null ? code : LOST)));
  }

  void notStarted(Message.NotStarted message) {
    ContainerSlot slot = message.slot();
    Instant now = node.clock().instant();
    String reason = message.why().reason();
    String text = String.valueOf(message.why().getMessage());
    String said = "Error: " + text;
    switch (reason) {
      case "ErrImagePull" -> {
        boolean again = slot.waitingFor().contains("ImagePull");
        slot.waits(again ? "ImagePullBackOff" : reason, text, now.plus(PULL_RETRY));
        said = "Failed to pull image \"" + slot.spec.image() + "\": " + text;
      }
      case "StartError" -> slot.fails(text, now);
      default -> slot.waits(reason, text, now.plus(CONFIGURATION_RETRY));
    }
    node.events().warning(about(slot.spec), "Failed", said);
  }

  void exited(Message.Exited message) {
    ContainerSlot slot = message.slot();
    String text = TerminationMessage.of(slot, message.code(), directory);
    slot.ends(message.code(), text, node.clock().instant());
  }

  /** Containers that wait for a ConfigMap or Secret need not wait longer. */
  void configurationChanged() {
    for (ContainerSlot slot : slots) {
      if (slot.waitingFor().equals("CreateContainerConfigError")) {
        slot.due = null;
      }
    }
  }
}
