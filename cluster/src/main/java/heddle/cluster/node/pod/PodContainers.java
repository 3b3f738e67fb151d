package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.log.LogStream;
import heddle.cluster.object.Metadata;
import heddle.images.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and restarts a pod's containers in order; used by the pod's own thread. */
final class PodContainers {
  private static final Logger LOG = LoggerFactory.getLogger(PodContainers.class);
  private static final Duration HOOK = Duration.ofMinutes(10);
  private static final Duration CONFIGURATION_RETRY = Duration.ofSeconds(5);
  private static final Duration PULL_RETRY = Duration.ofSeconds(10);
  private static final int LONGEST_MESSAGE = 4096;

  private final NodeContext node;
  private final PodDirectory directory;
  private final About about;
  private final Executor tasks;
  private final Consumer<Message> mailbox;
  private final List<ContainerSlot> slots = new ArrayList<>();

  PodContainers(
      NodeContext node,
      PodDirectory directory,
      ObjectNode pod,
      Executor tasks,
      Consumer<Message> mailbox) {
    this.node = node;
    this.directory = directory;
    this.about = About.of("v1", "Pod", pod);
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

  List<ContainerSlot> running() {
    return slots.stream().filter(slot -> slot.running != null).toList();
  }

  boolean anyAlive() {
    return slots.stream().anyMatch(ContainerSlot::alive);
  }

  About about(ContainerSpec spec) {
    return about.container(spec.list(), spec.name());
  }

  /** Whether the pod has come to its end by itself. */
  boolean done(ObjectNode pod) {
    String policy = policy(pod);
    boolean initFailed =
        slots.stream()
            .anyMatch(
                s ->
                    s.spec.role() == ContainerSpec.Role.INIT
                        && s.terminated()
                        && !s.succeeded()
                        && policy.equals("Never"));
    return initFailed
        || slots.stream()
            .filter(s -> s.spec.role() == ContainerSpec.Role.MAIN)
            .allMatch(s -> s.terminated() && !restarts(s, policy));
  }

  /** Starts what is due. */
  void step(ObjectNode pod, ContainerStarter starter, Hooks hooks) {
    for (ContainerSlot slot : slots) {
      boolean finished = slot.spec.role() == ContainerSpec.Role.INIT && slot.succeeded();
      if (!slot.alive() && !finished) {
        consider(slot, pod, starter, hooks);
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

  private void consider(ContainerSlot slot, ObjectNode pod, ContainerStarter starter, Hooks hooks) {
    Instant now = node.clock().instant();
    if (slot.state instanceof ContainerState.Terminated ended) {
      if (!restarts(slot, policy(pod))) {
        return;
      }
      slot.last = ended;
      Duration delay = BackOff.afterEnds(slot.ends);
      slot.due = ended.finishedAt().plus(delay);
      if (slot.due.isAfter(now)) {
        backOff(slot, pod, delay);
      }
    }
    if (slot.due != null && slot.due.isAfter(now)) {
      wakeAt(slot.due);
      return;
    }
    start(slot, pod, starter, hooks);
  }

  private void backOff(ContainerSlot slot, ObjectNode pod, Duration delay) {
    String message =
        "back-off %s restarting failed container=%s pod=%s_%s(%s)"
            .formatted(
                goSeconds(delay),
                slot.spec.name(),
                Metadata.name(pod),
                Metadata.namespace(pod),
                Metadata.uid(pod));
    slot.state = new ContainerState.Waiting("CrashLoopBackOff", message);
    node.events()
        .warning(about(slot.spec), "BackOff", message.replaceFirst("back-off \\S+", "Back-off"));
  }

  private static String goSeconds(Duration delay) {
    long minutes = delay.toMinutes();
    return minutes == 0 ? delay.toSeconds() + "s" : minutes + "m" + delay.toSecondsPart() + "s";
  }

  void wakeAt(Instant when) {
    Duration delay = Duration.between(node.clock().instant(), when);
    node.timer()
        .schedule(
            () -> mailbox.accept(new Message.Wake()),
            Math.max(1, delay.toMillis() + 1),
            TimeUnit.MILLISECONDS);
  }

  private void start(ContainerSlot slot, ObjectNode pod, ContainerStarter starter, Hooks hooks) {
    if (slot.ended) {
      slot.restarts++;
      slot.ended = false;
    }
    slot.due = null;
    slot.starting = true;
    slot.run++;
    int run = slot.run;
    int number = slot.restarts;
    if (!(slot.state instanceof ContainerState.Waiting waiting)
        || waiting.reason().equals("PodInitializing")) {
      slot.state = new ContainerState.Waiting("ContainerCreating", "");
    }
    tasks.execute(() -> start(slot, run, number, pod, starter, hooks));
  }

  /** On a thread of its own. */
  private void start(
      ContainerSlot slot,
      int run,
      int number,
      ObjectNode pod,
      ContainerStarter starter,
      Hooks hooks) {
    ContainerSpec spec = slot.spec;
    try {
      ContainerStarter.Started started = starter.start(pod, spec, number, new Announcer(spec));
      node.events().normal(about(spec), "Started", "Started container " + spec.name());
      var failure = hooks.run("postStart", spec, started.container(), HOOK);
      if (failure.isPresent()) {
        node.events().warning(about(spec), "FailedPostStartHook", failure.get());
        started.container().kill();
      }
      mailbox.accept(new Message.Started(slot, run, started));
    } catch (StartException e) {
      mailbox.accept(new Message.NotStarted(slot, run, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("container {} of {} did not start", spec.name(), about, e);
      mailbox.accept(
          new Message.NotStarted(slot, run, new StartException("StartError", e.toString())));
    }
  }

  private final class Announcer implements ContainerStarter.Progress {
    private final ContainerSpec spec;

    Announcer(ContainerSpec spec) {
      this.spec = spec;
    }

    @Override
    public void pulled(Image image) {
      node.events()
          .normal(
              about(spec),
              "Pulled",
              "Container image \"" + image.reference() + "\": " + image.origin());
    }

    @Override
    public void created() {
      node.events().normal(about(spec), "Created", "Created container " + spec.name());
    }
  }

  void started(Message.Started message) {
    ContainerSlot slot = message.slot();
    RunningContainer container = message.what().container();
    slot.starting = false;
    slot.running = container;
    slot.log = message.what().log();
    slot.containerId = container.id();
    slot.imageId = slot.spec.image();
    slot.state = new ContainerState.Running(node.clock().instant());
    slot.started = !slot.spec.has("startupProbe");
    slot.ready = slot.started && !slot.spec.has("readinessProbe");
    container
        .exit()
        .whenComplete(
            (code, failure) ->
                mailbox.accept(
                    new Message.Exited(slot, message.run(), failure == null ? code : 255)));
  }

  void notStarted(Message.NotStarted message) {
    ContainerSlot slot = message.slot();
    StartException why = message.why();
    slot.starting = false;
    Instant now = node.clock().instant();
    String text = String.valueOf(why.getMessage());
    switch (why.reason()) {
      case "ErrImagePull" -> {
        boolean again =
            slot.state instanceof ContainerState.Waiting w && w.reason().contains("ImagePull");
        slot.state = new ContainerState.Waiting(again ? "ImagePullBackOff" : "ErrImagePull", text);
        slot.due = now.plus(PULL_RETRY);
        node.events()
            .warning(
                about(slot.spec),
                "Failed",
                "Failed to pull image \"" + slot.spec.image() + "\": " + text);
      }
      case "StartError" -> {
        slot.state = new ContainerState.Terminated(128, "StartError", text, now, now, "");
        slot.ends++;
        slot.ended = true;
        node.events().warning(about(slot.spec), "Failed", "Error: " + text);
      }
      default -> {
        slot.state = new ContainerState.Waiting(why.reason(), text);
        slot.due = now.plus(CONFIGURATION_RETRY);
        node.events().warning(about(slot.spec), "Failed", "Error: " + text);
      }
    }
  }

  /** Containers that wait for a ConfigMap or Secret need not wait longer. */
  void configurationChanged() {
    for (ContainerSlot slot : slots) {
      if (slot.state instanceof ContainerState.Waiting waiting
          && waiting.reason().equals("CreateContainerConfigError")) {
        slot.due = null;
      }
    }
  }

  void exited(Message.Exited message) {
    ContainerSlot slot = message.slot();
    Instant now = node.clock().instant();
    Instant since =
        slot.state instanceof ContainerState.Running running ? running.startedAt() : now;
    slot.closeProbes();
    slot.running = null;
    slot.ready = false;
    slot.started = false;
    slot.ended = true;
    slot.ends = since.plus(BackOff.FORGIVEN).isBefore(now) ? 1 : slot.ends + 1;
    slot.state =
        new ContainerState.Terminated(
            message.code(),
            message.code() == 0 ? "Completed" : "Error",
            terminationMessage(slot, message.code()),
            since,
            now,
            slot.containerId);
  }

  private String terminationMessage(ContainerSlot slot, int code) {
    try {
      Path file = directory.container(slot.spec.name()).resolve("termination-message");
      byte[] text = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      if (text.length > 0) {
        return new String(text, 0, Math.min(text.length, LONGEST_MESSAGE), StandardCharsets.UTF_8);
      }
      JsonNode policy = slot.spec.tree().path("terminationMessagePolicy");
      if (code != 0 && policy.asText().equals("FallbackToLogsOnError")) {
        return String.join(
            "\n", LogStream.lastLines(directory.log(slot.spec.name(), slot.restarts), 80));
      }
      return "";
    } catch (IOException e) {
      LOG.warn("no termination message of {}: {}", about(slot.spec), e.getMessage());
      return "";
    }
  }

  private static boolean restarts(ContainerSlot slot, String policy) {
    if (slot.spec.role() == ContainerSpec.Role.SIDECAR) {
      return true;
    }
    return switch (policy) {
      case "Never" -> false;
      case "OnFailure" -> !slot.succeeded();
      default -> slot.spec.role() == ContainerSpec.Role.MAIN || !slot.succeeded();
    };
  }

  private static String policy(ObjectNode pod) {
    return pod.path("spec").path("restartPolicy").asText("Always");
  }
}
