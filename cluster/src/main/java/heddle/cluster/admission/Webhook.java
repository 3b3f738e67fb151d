package heddle.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.LabelSelector;
import heddle.cluster.object.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One webhook of a configuration, ready to be matched.
 *
 * @param client {@code clientConfig}
 * @param equivalent whether other versions of a matched resource match as well
 * @param failOpen whether a failing call lets the write through
 * @param dryRunSafe whether it may be called for dry runs
 * @param reviewVersion the AdmissionReview version to speak: v1 or v1beta1
 * @param reinvoke whether it is called again after later webhooks changed the object
 */
record Webhook(
    String configuration,
    String name,
    JsonNode client,
    List<WebhookRule> rules,
    LabelSelector namespaces,
    LabelSelector objects,
    boolean equivalent,
    boolean failOpen,
    Duration timeout,
    boolean dryRunSafe,
    String reviewVersion,
    boolean reinvoke) {
  private static final Set<String> SAFE = Set.of("None", "NoneOnDryRun");

  /** The webhooks of a configuration, in its order. */
  static List<Webhook> of(ObjectNode configuration) {
    var webhooks = new ArrayList<Webhook>();
    for (JsonNode webhook : configuration.path("webhooks")) {
      webhooks.add(of(Metadata.name(configuration), webhook));
    }
    return webhooks;
  }

  private static Webhook of(String configuration, JsonNode webhook) {
    var rules = new ArrayList<WebhookRule>();
    webhook.path("rules").forEach(rule -> rules.add(WebhookRule.of(rule)));
    return new Webhook(
        configuration,
        webhook.path("name").asText(),
        webhook.path("clientConfig"),
        rules,
        LabelSelector.of(webhook.path("namespaceSelector")),
        LabelSelector.of(webhook.path("objectSelector")),
        webhook.path("matchPolicy").asText("Equivalent").equals("Equivalent"),
        webhook.path("failurePolicy").asText("Fail").equals("Ignore"),
        Duration.ofSeconds(Math.clamp(webhook.path("timeoutSeconds").asInt(10), 1, 30)),
        SAFE.contains(webhook.path("sideEffects").asText()),
        version(webhook.path("admissionReviewVersions")),
        webhook.path("reinvocationPolicy").asText().equals("IfNeeded"));
  }

  // The first that both sides know; v1 when a stored object says nothing.
  private static String version(JsonNode versions) {
    for (JsonNode version : versions) {
      if (version.asText().equals("v1") || version.asText().equals("v1beta1")) {
        return version.asText();
      }
    }
    return "v1";
  }
}
