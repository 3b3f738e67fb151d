package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Webhook configurations: defaults of admissionregistration.k8s.io/v1. */
final class WebhookRules implements Rules {

  @Override
  public void defaults(ObjectNode configuration) {
    boolean mutating = configuration.path("kind").asText().startsWith("Mutating");
    for (JsonNode entry : configuration.path("webhooks")) {
      if (entry instanceof ObjectNode webhook) {
        Fill.text(webhook, "failurePolicy", "Fail");
        Fill.text(webhook, "matchPolicy", "Equivalent");
        Fill.number(webhook, "timeoutSeconds", 10);
        Fill.object(webhook, "namespaceSelector");
        Fill.object(webhook, "objectSelector");
        if (mutating) {
          Fill.text(webhook, "reinvocationPolicy", "Never");
        }
        if (webhook.path("clientConfig").get("service") instanceof ObjectNode service) {
          Fill.number(service, "port", 443);
        }
        for (JsonNode rule : webhook.path("rules")) {
          if (rule instanceof ObjectNode object) {
            Fill.text(object, "scope", "*");
          }
        }
      }
    }
  }

  @Override
  public void validate(ObjectNode configuration, @Nullable ObjectNode old, Problems problems) {
    Set<String> names = new HashSet<>();
    int index = 0;
    for (JsonNode webhook : configuration.path("webhooks")) {
      String at = "webhooks[" + index++ + "]";
      String name = webhook.path("name").asText("");
      if (name.isEmpty()) {
        problems.required(at + ".name", "");
      } else if (!names.add(name)) {
        problems.duplicate(at + ".name", name);
      }
      for (String field : List.of("sideEffects", "admissionReviewVersions", "clientConfig")) {
        if (Fill.absent(webhook, field)) {
          problems.required(at + "." + field, "");
        }
      }
      JsonNode client = webhook.path("clientConfig");
      if (client.has("url") == client.has("service")) {
        problems.required(at + ".clientConfig", "exactly one of url or service is required");
      }
    }
  }
}
