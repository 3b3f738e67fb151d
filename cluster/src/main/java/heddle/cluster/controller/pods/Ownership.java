package heddle.cluster.controller.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Key;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.ResourceType;
import java.util.Optional;

/** Controlling owner references: who made an object and answers for it. */
public final class Ownership {

  private Ownership() {}

  /** Makes {@code owner} the controller of {@code object}. */
  public static void control(ResourceType type, ObjectNode owner, ObjectNode object) {
    ObjectNode metadata = Metadata.of(object);
    ArrayNode references =
        metadata.get("ownerReferences") instanceof ArrayNode present
            ? present
            : metadata.putArray("ownerReferences");
    references
        .addObject()
        .put("apiVersion", type.apiVersion())
        .put("kind", type.kind())
        .put("name", Metadata.name(owner))
        .put("uid", Metadata.uid(owner))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
  }

  /** Takes every reference to an owner away. */
  public static void release(ObjectNode object, String ownerUid) {
    ObjectNode metadata = Metadata.of(object);
    if (metadata.get("ownerReferences") instanceof ArrayNode references) {
      for (int i = references.size() - 1; i >= 0; i--) {
        if (references.get(i).path("uid").asText().equals(ownerUid)) {
          references.remove(i);
        }
      }
      if (references.isEmpty()) {
        metadata.remove("ownerReferences");
      }
    }
  }

  /** The controlling owner's key when it is of the given kind. */
  public static Optional<Key> controller(ObjectNode object, String kind) {
    for (JsonNode reference : Metadata.owners(object)) {
      if (reference.path("controller").asBoolean()
          && reference.path("kind").asText().equals(kind)) {
        return Optional.of(new Key(Metadata.namespace(object), reference.path("name").asText()));
      }
    }
    return Optional.empty();
  }
}
