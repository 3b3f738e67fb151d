package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** admissionregistration.k8s.io/v1beta1: other defaults, made explicit before v1's apply. */
final class OldWebhook implements Conversion {

  @Override
  public void toStorage(ObjectNode configuration) {
    for (JsonNode entry : configuration.path("webhooks")) {
      if (entry instanceof ObjectNode webhook) {
        Fill.text(webhook, "failurePolicy", "Ignore");
        Fill.text(webhook, "matchPolicy", "Exact");
        Fill.number(webhook, "timeoutSeconds", 30);
        Fill.text(webhook, "sideEffects", "Unknown");
        if (Fill.absent(webhook, "admissionReviewVersions")) {
          webhook.putArray("admissionReviewVersions").add("v1beta1");
        }
      }
    }
  }
}
