package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.probe.Probe;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executor;

/** What a pod makes of its containers' probes: readiness, and restarts. */
final class ProbeVerdicts {
  private final NodeContext node;
  private final PodContainers containers;
  private final Executor tasks;

  ProbeVerdicts(NodeContext node, PodContainers containers, Executor tasks) {
    this.node = node;
    this.containers = containers;
    this.tasks = tasks;
  }

  /**
   * Takes in a verdict on the present run of a container.
   *
   * @param probes starts those that waited for the startup probe
   */
  void take(Message.Probed probed, ObjectNode pod, PodProbes probes) {
    ContainerSlot slot = probed.slot();
    switch (probed.kind()) {
      case READINESS -> slot.ready = probed.success();
      case LIVENESS -> {
        if (!probed.success()) {
          restart(slot, probed.kind(), pod);
        }
      }
      case STARTUP -> {
        if (!probed.success()) {
          restart(slot, probed.kind(), pod);
        } else if (!slot.started) {
          slot.closeProbes();
          slot.started = true;
          slot.ready = !slot.spec.has(Probe.Kind.READINESS.field());
          probes.afterStartup(slot, containers.about(slot.spec));
        }
      }
    }
  }

  private void restart(ContainerSlot slot, Probe.Kind kind, ObjectNode pod) {
    RunningContainer container = slot.running;
    if (container == null) {
      return;
    }
    slot.closeProbes();
    slot.ready = false;
    node.events()
        .normal(
            containers.about(slot.spec),
            "Killing",
            "Container %s failed %s probe, will be restarted"
                .formatted(slot.spec.name(), kind.title().toLowerCase(Locale.ROOT)));
    Duration patience = patience(slot.spec.tree().path(kind.field()), pod);
    tasks.execute(() -> Termination.stop(container, patience));
  }

  /** The probe's own grace, else the pod's. */
  private static Duration patience(JsonNode probe, ObjectNode pod) {
    String field = "terminationGracePeriodSeconds";
    JsonNode own = probe.path(field);
    return Duration.ofSeconds(own.isInt() ? own.asLong() : pod.path("spec").path(field).asLong(30));
  }
}
