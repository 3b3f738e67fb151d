package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Deployments and ReplicaSets share: replicas, a fixed selector, a pod template. */
class WorkloadRules implements Rules {

  @Override
  public void defaults(ObjectNode object) {
    ObjectNode spec = Fill.object(object, "spec");
    Fill.number(spec, "replicas", 1);
    ObjectNode template = Fill.object(spec, "template");
    PodTemplate.defaults(Fill.object(template, "spec"));
    if (template.get("metadata") instanceof ObjectNode metadata
        && metadata.path("creationTimestamp").isNull()) {
      metadata.remove("creationTimestamp");
    }
  }

  @Override
  public void validate(ObjectNode object, @Nullable ObjectNode old, Problems problems) {
    JsonNode spec = object.path("spec");
    JsonNode replicas = spec.path("replicas");
    if (replicas.asLong() < 0) {
      problems.invalid("spec.replicas", replicas, "must be greater than or equal to 0");
    }
    selector(spec, problems);
    if (old != null && !spec.path("selector").equals(old.path("spec").path("selector"))) {
      problems.invalid("spec.selector", spec.path("selector"), "field is immutable");
    }
    PodTemplate.validate("spec.template.spec", spec.path("template").path("spec"), problems);
    JsonNode policy = spec.path("template").path("spec").path("restartPolicy");
    if (policy.isTextual() && !policy.asText().equals("Always")) {
      problems.unsupported("spec.template.spec.restartPolicy", policy, List.of("Always"));
    }
  }

  private static void selector(JsonNode spec, Problems problems) {
    JsonNode selector = spec.path("selector");
    if (!selector.isObject()) {
      problems.required("spec.selector", "");
      return;
    }
    if (selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty()) {
      problems.invalid("spec.selector", selector, "empty selector is invalid for deployment");
      return;
    }
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    boolean matches =
        selector.path("matchLabels").properties().stream()
            .allMatch(e -> e.getValue().asText().equals(labels.path(e.getKey()).asText(null)));
    if (!matches) {
      problems.invalid(
          "spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
    }
  }
}
