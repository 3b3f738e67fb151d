package heddle.cluster.type;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Workloads before apps/v1: an absent selector means the labels of the template. */
final class OldSelector implements Conversion {

  @Override
  public void toStorage(ObjectNode object) {
    fill(Fill.object(object, "spec"));
  }

  static void fill(ObjectNode spec) {
    if (Fill.absent(spec, "selector")
        && spec.path("template").path("metadata").get("labels") instanceof ObjectNode labels) {
      spec.putObject("selector").set("matchLabels", labels.deepCopy());
    }
  }
}
