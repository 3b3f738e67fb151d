package heddle.xds.ads;

import heddle.xds.ResourceType;
import java.util.List;

/**
 * A node refused a response.
 *
 * @param nodeId the node's {@code node.id}
 * @param snapshotKey which snapshot it was being served
 * @param resources names of the resources that were new in the refused response; only those that
 *     the message mentions, if it mentions any
 * @param message the node's own words
 */
public record Nack(
    String nodeId, String snapshotKey, ResourceType type, List<String> resources, String message) {
  public Nack {
    resources = List.copyOf(resources);
  }
}
