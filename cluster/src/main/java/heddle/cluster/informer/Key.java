package heddle.cluster.informer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;

/**
 * Names one object of a type.
 *
 * @param namespace empty for cluster-scoped objects
 */
public record Key(String namespace, String name) {

  public static Key of(ObjectNode object) {
    return new Key(Metadata.namespace(object), Metadata.name(object));
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
