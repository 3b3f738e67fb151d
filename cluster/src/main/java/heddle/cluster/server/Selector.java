package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Which objects a request is about. */
interface Selector {
  Selector ALL = object -> true;

  boolean matches(ObjectNode object);

  default Selector and(Selector other) {
    return object -> matches(object) && other.matches(object);
  }
}
