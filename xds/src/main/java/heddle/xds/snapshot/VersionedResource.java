package heddle.xds.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import heddle.xds.Deterministic;
import heddle.xds.ResourceType;

/**
 * One resource, packed once for all the streams that will carry it.
 *
 * @param name the name by which it is subscribed
 * @param version hash of its content: equal content has an equal version
 * @param message the resource itself
 * @param packed the same, ready for the wire
 */
public record VersionedResource(
    ResourceType type, String name, String version, Message message, Any packed) {

  /**
   * Packs and hashes a resource.
   *
   * @throws IllegalArgumentException if the message is not of that type or has no name
   */
  public static VersionedResource of(ResourceType type, Message message) {
    String name = type.nameOf(message);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "a " + type.typeUrl() + " without a name cannot be served (expected: a name)");
    }
    Any packed = Deterministic.pack(message);
    return new VersionedResource(
        type, name, Deterministic.hash(packed.getValue()), message, packed);
  }
}
