package heddle.cluster.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a kind does beyond being stored. Trees are in the storage version. */
public interface Rules {

  /** A kind that is only stored. */
  Rules NONE = new Rules() {};

  /** Brings a write into stored form and fills in defaults; must be idempotent. */
  default void defaults(ObjectNode object) {}

  /**
   * Checks a write.
   *
   * @param old the stored state, or null on create
   */
  default void validate(ObjectNode object, @Nullable ObjectNode old, Problems problems) {}
}
