package heddle.cluster.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One committed write. The trees are shared by every watcher.
 *
 * @param before null when the object was created
 * @param after null when the object was removed
 * @param last the state to show for the write: {@code after}, or for a removal the last state under
 *     the revision of the removal
 */
public record Change(
    Key key,
    long revision,
    @Nullable ObjectNode before,
    @Nullable ObjectNode after,
    ObjectNode last) {}
