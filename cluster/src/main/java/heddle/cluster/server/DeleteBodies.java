package heddle.cluster.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.DeleteOptions.Propagation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads DeleteOptions from a body, JSON or protobuf, and from query parameters. */
final class DeleteBodies {
  private final Bodies bodies;

  DeleteBodies(Bodies bodies) {
    this.bodies = bodies;
  }

  /** What to do, and whether to do it. */
  record Request(DeleteOptions options, boolean dryRun) {}

  Request read(Exchange exchange) throws IOException {
    return parse(options(exchange));
  }

  static Request parse(JsonNode options) {
    JsonNode grace = options.path("gracePeriodSeconds");
    boolean dry = options.path("dryRun").size() > 0;
    for (JsonNode value : options.path("dryRun")) {
      if (!value.asText().equals("All")) {
        throw ApiException.badRequest(
            "dryRun: Unsupported value: " + value + ": supported values: \"All\"");
      }
    }
    return new Request(
        new DeleteOptions(
            grace.isNumber() ? grace.asLong() : null,
            text(options.path("preconditions").path("uid")),
            text(options.path("preconditions").path("resourceVersion")),
            propagation(options)),
        dry);
  }

  private ObjectNode options(Exchange exchange) throws IOException {
    byte[] body = exchange.body();
    ObjectNode options =
        body.length == 0
            ? JsonNodeFactory.instance.objectNode()
            : bodies.object(Bodies.mediaType(exchange), body);
    exchange
        .parameter("gracePeriodSeconds")
        .ifPresent(seconds -> options.put("gracePeriodSeconds", number(seconds)));
    exchange
        .parameter("propagationPolicy")
        .ifPresent(policy -> options.put("propagationPolicy", policy));
    exchange
        .parameter("orphanDependents")
        .ifPresent(orphan -> options.put("orphanDependents", orphan.equals("true")));
    return options;
  }

  private static long number(String seconds) {
    try {
      return Long.parseLong(seconds);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("gracePeriodSeconds: Invalid value: \"" + seconds + '"');
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() && !node.asText().isEmpty() ? node.asText() : null;
  }

  private static Propagation propagation(JsonNode options) {
    String policy = options.path("propagationPolicy").asText("");
    if (policy.isEmpty() && options.path("orphanDependents").asBoolean()) {
      return Propagation.ORPHAN;
    }
    return switch (policy) {
      case "", "Background" -> Propagation.BACKGROUND;
      case "Foreground" -> Propagation.FOREGROUND;
      case "Orphan" -> Propagation.ORPHAN;
      default ->
          throw new ApiException(
              422,
              "Invalid",
              "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \""
                  + policy
                  + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
    };
  }
}
