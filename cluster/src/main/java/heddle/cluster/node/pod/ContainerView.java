package heddle.cluster.node.pod;

import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.log.ContainerLog;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One container as its pod's thread last saw it, for other threads.
 *
 * @param main false for init containers
 * @param waiting reason of its waiting state, or empty
 * @param log of the present or latest run; null before the first
 * @param live the log that grows, or null
 * @param previous log of the run before, or null
 */
public record ContainerView(
    String name,
    boolean main,
    String waiting,
    @Nullable RunningContainer running,
    @Nullable Path log,
    @Nullable ContainerLog live,
    @Nullable Path previous) {

  static ContainerView of(ContainerSlot slot, PodDirectory directory) {
    String name = slot.spec.name();
    boolean everRan = slot.log != null || !slot.containerId.isEmpty();
    return new ContainerView(
        name,
        slot.spec.role() == ContainerSpec.Role.MAIN,
        slot.waitingFor(),
        slot.running,
        everRan ? directory.log(name, slot.restarts) : null,
        slot.log,
        slot.restarts == 0 ? null : directory.log(name, slot.restarts - 1));
  }
}
