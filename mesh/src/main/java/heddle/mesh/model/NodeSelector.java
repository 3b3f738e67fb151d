package heddle.mesh.model;

import heddle.resource.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pods are a node.
 *
 * @param name of the resource, for messages
 * @param pods of that namespace; null for none
 * @param ports where the node is reached
 */
public record NodeSelector(
    String nodeId,
    boolean gateway,
    String namespace,
    String name,
    @Nullable LabelSelector pods,
    List<Integer> ports) {
  public NodeSelector {
    ports = List.copyOf(ports);
  }
}
