package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.ResourceType;
import org.jspecify.annotations.Nullable;

/** {@code Status} objects. */
final class StatusBody {

  private StatusBody() {}

  private static ObjectNode status(String status) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    return node.put("status", status);
  }

  static ObjectNode failure(ApiException e, @Nullable Target target, @Nullable ResourceType type) {
    ObjectNode status = status("Failure");
    status.put("message", e.getMessage()).put("reason", e.reason());
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    if (target != null) {
      // A creation's path ends in the collection.
      text(details, "name", e.name().isEmpty() ? target.name() : e.name());
      text(details, "group", target.group());
      boolean invalid = e.reason().equals("Invalid") && type != null;
      text(details, "kind", invalid && type != null ? type.kind() : target.resource());
    }
    if (!e.causes().isEmpty()) {
      ArrayNode causes = details.putArray("causes");
      for (ApiException.Cause cause : e.causes()) {
        ObjectNode node = causes.addObject().put("reason", cause.reason());
        node.put("message", cause.message());
        text(node, "field", cause.field());
      }
    }
    if (e.code() == 429 || e.reason().equals("Timeout")) {
      details.put("retryAfterSeconds", 1);
    }
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", e.code());
  }

  /** The answer to a deletion that is done. */
  static ObjectNode deleted(ResourceType type, ObjectNode object) {
    ObjectNode status = status("Success");
    ObjectNode details = status.putObject("details");
    details.put("name", Metadata.name(object));
    text(details, "group", type.group());
    details.put("kind", type.plural()).put("uid", Metadata.uid(object));
    return status;
  }

  static ObjectNode success(int code) {
    return status("Success").put("code", code);
  }

  private static void text(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }
}
