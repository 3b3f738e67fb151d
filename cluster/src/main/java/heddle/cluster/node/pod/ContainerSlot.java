package heddle.cluster.node.pod;

import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.log.ContainerLog;
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

  void closeProbes() {
    probes.forEach(ProbeLoop::close);
    probes.clear();
  }
}
