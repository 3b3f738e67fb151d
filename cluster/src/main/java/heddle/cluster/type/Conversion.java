package heddle.cluster.type;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Turns one served version into the storage version and back, in place. {@code apiVersion} and
 * {@code kind} are set by the caller.
 */
public interface Conversion {

  /** Versions that differ in nothing but their name. */
  Conversion NONE = new Conversion() {};

  default void toStorage(ObjectNode object) {}

  default void fromStorage(ObjectNode object) {}
}
