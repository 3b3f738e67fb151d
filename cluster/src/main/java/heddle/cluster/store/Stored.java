package heddle.cluster.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One object as it is kept. The tree is shared by every reader: copy it before changing it.
 *
 * @param revision of its last write; {@code metadata.resourceVersion} says the same
 */
public record Stored(Key key, long revision, ObjectNode object) {}
