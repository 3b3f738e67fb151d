package heddle.kube.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The merge patch that brings a stored object to what a manifest says: what the manifest has and
 * the object has not, and the removal of what an earlier manifest had and this one has not. What
 * only the server or others wrote stays.
 */
final class ThreeWay {
  private ThreeWay() {}

  /**
   * Computes the patch.
   *
   * @param last the manifest applied before; empty if there was none
   */
  static ObjectNode patch(ObjectNode last, ObjectNode wanted, ObjectNode stored) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    wanted
        .properties()
        .forEach(
            entry -> {
              JsonNode has = stored.get(entry.getKey());
              if (entry.getValue() instanceof ObjectNode inner && has instanceof ObjectNode there) {
                ObjectNode before =
                    last.get(entry.getKey()) instanceof ObjectNode node
                        ? node
                        : JsonNodeFactory.instance.objectNode();
                ObjectNode nested = patch(before, inner, there);
                if (!nested.isEmpty()) {
                  patch.set(entry.getKey(), nested);
                }
              } else if (!entry.getValue().equals(has)
                  && !(entry.getValue().isNull() && has == null)) {
                patch.set(entry.getKey(), entry.getValue());
              }
            });
    last.fieldNames()
        .forEachRemaining(
            name -> {
              if (!wanted.has(name) && stored.has(name)) {
                patch.putNull(name);
              }
            });
    return patch;
  }
}
