package heddle.xds.ads;

import heddle.xds.ResourceType;
import java.util.Map;

/**
 * A stream as the server sees it.
 *
 * @param snapshotKey empty while the node has no snapshot
 * @param delta whether it speaks the incremental protocol
 * @param accepted the version of each type that the node accepted last
 */
public record ConnectedNode(
    String nodeId, String snapshotKey, boolean delta, Map<ResourceType, String> accepted) {
  public ConnectedNode {
    accepted = Map.copyOf(accepted);
  }
}
