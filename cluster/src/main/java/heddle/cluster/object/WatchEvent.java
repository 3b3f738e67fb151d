package heddle.cluster.object;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One change of one object. The tree is shared by all watchers: do not change it.
 *
 * @param object the state after the change; for DELETED the last state, with the deletion's
 *     revision
 */
public record WatchEvent(Type type, long revision, ObjectNode object) {

  /** What happened. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    /** The watch fell behind what is kept: list again. The object is empty. */
    EXPIRED
  }
}
