package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deployments: rollout defaults of apps/v1. */
final class DeploymentRules extends WorkloadRules {

  @Override
  public void defaults(ObjectNode deployment) {
    super.defaults(deployment);
    ObjectNode spec = Fill.object(deployment, "spec");
    ObjectNode strategy = Fill.object(spec, "strategy");
    Fill.text(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      ObjectNode rolling = Fill.object(strategy, "rollingUpdate");
      Fill.text(rolling, "maxUnavailable", "25%");
      Fill.text(rolling, "maxSurge", "25%");
    }
    Fill.number(spec, "revisionHistoryLimit", 10);
    Fill.number(spec, "progressDeadlineSeconds", 600);
  }

  @Override
  public void validate(ObjectNode deployment, @Nullable ObjectNode old, Problems problems) {
    super.validate(deployment, old, problems);
    JsonNode spec = deployment.path("spec");
    JsonNode strategy = spec.path("strategy");
    PodTemplate.choice(
        "spec.strategy.type", strategy, List.of("Recreate", "RollingUpdate"), problems);
    if (strategy.path("type").asText().equals("Recreate") && strategy.has("rollingUpdate")) {
      problems.forbidden(
          "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
    }
    if (spec.path("progressDeadlineSeconds").asLong() <= spec.path("minReadySeconds").asLong()) {
      problems.invalid(
          "spec.progressDeadlineSeconds",
          spec.path("progressDeadlineSeconds"),
          "must be greater than minReadySeconds");
    }
  }
}
