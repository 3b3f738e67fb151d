package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods: defaults, and what of the spec may change. */
final class PodRules implements Rules {

  @Override
  public void defaults(ObjectNode pod) {
    ObjectNode spec = Fill.object(pod, "spec");
    PodTemplate.defaults(spec);
    Fill.flag(spec, "enableServiceLinks", true);
    Fill.text(spec, "serviceAccountName", "default");
    spec.set("serviceAccount", spec.get("serviceAccountName"));
    if (Fill.absent(spec, "tolerations")) {
      var tolerations = spec.putArray("tolerations");
      for (String taint : List.of("not-ready", "unreachable")) {
        tolerations
            .addObject()
            .put("key", "node.kubernetes.io/" + taint)
            .put("operator", "Exists")
            .put("effect", "NoExecute")
            .put("tolerationSeconds", 300);
      }
    }
    Fill.text(Fill.object(pod, "status"), "phase", "Pending");
  }

  @Override
  public void validate(ObjectNode pod, @Nullable ObjectNode old, Problems problems) {
    PodTemplate.validate("spec", pod.path("spec"), problems);
    if (old != null && !fixed(pod.path("spec")).equals(fixed(old.path("spec")))) {
      problems.forbidden(
          "spec",
          "pod updates may not change fields other than `spec.containers[*].image`,"
              + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
              + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to"
              + " be set to 1 if it was previously negative)");
    }
  }

  /** The part of a spec that must stay. The node name may be set once, by binding. */
  private static JsonNode fixed(JsonNode spec) {
    ObjectNode copy = spec.deepCopy();
    copy.remove(
        List.of(
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            "nodeName",
            "ephemeralContainers"));
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : copy.path(list)) {
        if (container instanceof ObjectNode object) {
          object.remove(List.of("image", "resources"));
        }
      }
    }
    return copy;
  }
}
