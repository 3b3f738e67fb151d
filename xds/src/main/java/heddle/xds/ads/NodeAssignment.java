package heddle.xds.ads;

import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Optional;

/**
 * Says which snapshot a node is served. Asked again whenever {@link AdsServer#reassign} is called.
 */
@FunctionalInterface
public interface NodeAssignment {

  /**
   * The key in the snapshot store. Empty while the node is not known (its pod may not have been
   * seen yet): the stream stays open and waits.
   */
  Optional<String> snapshotFor(Node node);
}
