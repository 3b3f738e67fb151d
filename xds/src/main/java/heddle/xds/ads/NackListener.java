package heddle.xds.ads;

import heddle.xds.ResourceType;

/** Hears what nodes refused and what they took. Called on stream threads; must not block. */
@FunctionalInterface
public interface NackListener {
  /** A response was refused. */
  void rejected(Nack nack);

  /** A response was accepted: earlier refusals of that type by that node are history. */
  default void accepted(String nodeId, String snapshotKey, ResourceType type) {}

  /** The last stream of a node has ended: all that it refused is history. */
  default void left(String nodeId) {}

  /** Listens to nothing. */
  static NackListener none() {
    return nack -> {};
  }
}
