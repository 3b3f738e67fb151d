package heddle.cluster.type;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Deployments before apps/v1: an optional selector and other rollout defaults.
 *
 * @param history default of revisionHistoryLimit
 * @param deadline default of progressDeadlineSeconds, in seconds
 * @param step default of maxSurge and maxUnavailable: a number of pods or a percentage
 */
record OldDeployment(int history, int deadline, Object step) implements Conversion {

  @Override
  public void toStorage(ObjectNode deployment) {
    ObjectNode spec = Fill.object(deployment, "spec");
    OldSelector.fill(spec);
    Fill.number(spec, "revisionHistoryLimit", history);
    Fill.number(spec, "progressDeadlineSeconds", deadline);
    ObjectNode strategy = Fill.object(spec, "strategy");
    Fill.text(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      ObjectNode rolling = Fill.object(strategy, "rollingUpdate");
      for (String field : new String[] {"maxSurge", "maxUnavailable"}) {
        if (Fill.absent(rolling, field)) {
          rolling.set(
              field,
              step instanceof Integer n
                  ? rolling.numberNode(n)
                  : rolling.textNode(step.toString()));
        }
      }
    }
  }
}
