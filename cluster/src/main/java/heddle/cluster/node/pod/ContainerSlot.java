package heddle.cluster.node.pod;

import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.log.ContainerLog;
import heddle.cluster.node.probe.Probe;
import heddle.cluster.node.probe.ProbeLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pod knows of one of its containers; only the pod's own thread touches it. */
final class ContainerSlot {
  final ContainerSpec spec;
  ContainerState state;
  ContainerState.@Nullable Terminated last;
  @Nullable RunningContainer running;
  @Nullable ContainerLog log;
  final List<ProbeLoop> probes = new ArrayList<>();

  /** How often it was started again. */
  int restarts;

  /** How often it ended since it last ran for long. */
  int ends;

  /** Tells the messages of one run from those of the runs before. */
  int run;

  /** It ended and was not started again yet. */
  boolean ended;

  boolean starting;

  /** Told to stop because its pod is done. */
  boolean stopping;

  boolean ready;
  boolean started;
  String imageId = "";
  String containerId = "";

  /** Not before then; null when nothing holds it back. */
  @Nullable Instant due;

  ContainerSlot(ContainerSpec spec, ContainerState state) {
    this.spec = spec;
    this.state = state;
  }

  boolean terminated() {
    return state instanceof ContainerState.Terminated;
  }

  boolean succeeded() {
    return state instanceof ContainerState.Terminated terminated && terminated.succeeded();
  }

  /** Whether something of it still runs or is about to. */
  boolean alive() {
    return starting || running != null;
  }

  /** The reason it waits for, or empty. */
  String waitingFor() {
    return state instanceof ContainerState.Waiting waiting ? waiting.reason() : "";
  }

  /** A start begins. */
  void starts() {
    if (ended) {
      restarts++;
      ended = false;
    }
    due = null;
    starting = true;
    run++;
    if (waitingFor().isEmpty() || waitingFor().equals("PodInitializing")) {
      state = new ContainerState.Waiting("ContainerCreating", "");
    }
  }

  /** The start came to its end, and it runs. */
  void runs(ContainerStarter.Started what, Instant now) {
    starting = false;
    running = what.container();
    log = what.log();
    containerId = what.container().id();
    imageId = spec.image();
    state = new ContainerState.Running(now);
    started = !spec.has(Probe.Kind.STARTUP.field());
    ready = started && !spec.has(Probe.Kind.READINESS.field());
  }

  /** The start failed; it is tried again later. */
  void waits(String reason, String message, Instant until) {
    starting = false;
    state = new ContainerState.Waiting(reason, message);
    due = until;
  }

  /** The start failed, which counts as an end. */
  void fails(String message, Instant now) {
    starting = false;
    ends++;
    ended = true;
    state = new ContainerState.Terminated(128, "StartError", message, now, now, "");
  }

  /** It ended. */
  void ends(int code, String message, Instant now) {
    Instant since = state instanceof ContainerState.Running runs ? runs.startedAt() : now;
    closeProbes();
    running = null;
    ready = false;
    started = false;
    ended = true;
    ends = since.plus(BackOff.FORGIVEN).isBefore(now) ? 1 : ends + 1;
    state =
        new ContainerState.Terminated(
            code, code == 0 ? "Completed" : "Error", message, since, now, containerId);
  }

  void closeProbes() {
    probes.forEach(ProbeLoop::close);
    probes.clear();
  }
}
