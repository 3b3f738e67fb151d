package heddle.cluster.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;

/** Namespaces: the name label, and the finalizer that keeps them until they are empty. */
final class NamespaceRules implements Rules {

  @Override
  public void defaults(ObjectNode namespace) {
    String name = Metadata.name(namespace);
    if (!name.isEmpty()) {
      Fill.object(Metadata.of(namespace), "labels").put("kubernetes.io/metadata.name", name);
    }
    ObjectNode spec = Fill.object(namespace, "spec");
    if (!spec.has("finalizers") && !Metadata.deleting(namespace)) {
      spec.putArray("finalizers").add("kubernetes");
    }
    ObjectNode status = Fill.object(namespace, "status");
    status.put("phase", Metadata.deleting(namespace) ? "Terminating" : "Active");
  }
}
