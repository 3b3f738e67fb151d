package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.container.ProcessContainer;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.object.Metadata;
import java.util.stream.Stream;

/**
 * Which containers stop after the others because those need them to the end: programs of Heddle's
 * own, and those that an annotation of the pod names.
 */
final class StopOrder {
  private static final String ANNOTATION = "heddle.dev/stop-last";

  private StopOrder() {}

  static boolean isLast(ObjectNode pod, ContainerSpec spec, RunningContainer container) {
    String names = Metadata.annotations(pod).getOrDefault(ANNOTATION, "");
    return !(container instanceof ProcessContainer)
        || Stream.of(names.split(",")).map(String::strip).anyMatch(spec.name()::equals);
  }
}
