package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder;
import heddle.cluster.node.BeforeStop;
import heddle.cluster.node.InProcessProgram;
import heddle.cluster.node.sandbox.Launcher;
import heddle.cluster.node.volume.PodTokens;
import heddle.cluster.object.Objects;
import heddle.images.ImageResolver;
import heddle.network.NodeNetwork;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * What every pod of the node shares.
 *
 * @param programs programs of this process, by the name an image gives them
 * @param directory of the node agent; each pod has one below
 * @param random thread-safe; spreads probes and names containers
 * @param timer wakes pods up
 * @param allocatable of the node, for {@code resourceFieldRef}
 */
public record NodeContext(
    String nodeName,
    Objects objects,
    NodeNetwork network,
    ImageResolver images,
    Map<String, InProcessProgram> programs,
    Path directory,
    Clock clock,
    RandomGenerator random,
    EventRecorder events,
    Launcher launcher,
    BeforeStop beforeStop,
    PodTokens tokens,
    ScheduledExecutorService timer,
    ObjectNode allocatable) {

  public NodeContext {
    programs = Map.copyOf(programs);
  }
}
