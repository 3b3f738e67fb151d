package heddle.cluster.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.admission.Admission.Request;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether a webhook is called for a write, and with which version of the object. */
final class WebhookMatcher {
  private static final String OWN_GROUP = "admissionregistration.k8s.io";

  private final Types types;
  private final Objects objects;

  WebhookMatcher(Types types, Objects objects) {
    this.types = types;
    this.objects = objects;
  }

  /** The version in which the webhook wants to see the object, or empty when it does not. */
  Optional<Served> match(Webhook webhook, Request request, @Nullable ObjectNode object) {
    if (request.type().group().equals(OWN_GROUP)
        && request.type().plural().endsWith("webhookconfigurations")) {
      return Optional.empty();
    }
    return version(webhook, request)
        .filter(served -> selectsObject(webhook, request, object))
        .filter(served -> selectsNamespace(webhook, request, object));
  }

  private Optional<Served> version(Webhook webhook, Request request) {
    ResourceType type = request.type();
    if (matches(webhook, request, type)) {
      return types.find(type.group(), type.version(), type.plural());
    }
    if (!webhook.equivalent()) {
      return Optional.empty();
    }
    return types.all().stream()
        .filter(served -> served.definition().type().equals(type))
        .filter(served -> matches(webhook, request, served.type()))
        .findFirst();
  }

  private static boolean matches(Webhook webhook, Request request, ResourceType type) {
    return webhook.rules().stream()
        .anyMatch(rule -> rule.matches(request.operation(), type, request.subresource()));
  }

  private static boolean selectsObject(
      Webhook webhook, Request request, @Nullable ObjectNode object) {
    return webhook.objects().isEmpty()
        || matches(webhook, object)
        || matches(webhook, request.oldObject());
  }

  private static boolean matches(Webhook webhook, @Nullable ObjectNode object) {
    return object != null && webhook.objects().matches(Metadata.labels(object));
  }

  private boolean selectsNamespace(Webhook webhook, Request request, @Nullable ObjectNode object) {
    if (webhook.namespaces().isEmpty()) {
      return true;
    }
    if (request.type().equals(Kinds.NAMESPACES)) {
      ObjectNode namespace = object == null ? request.oldObject() : object;
      return namespace == null || webhook.namespaces().matches(Metadata.labels(namespace));
    }
    if (request.namespace().isEmpty()) {
      return true;
    }
    Map<String, String> labels =
        objects
            .get(Kinds.NAMESPACES, null, request.namespace())
            .map(Metadata::labels)
            .orElse(Map.of());
    return webhook.namespaces().matches(labels);
  }
}
