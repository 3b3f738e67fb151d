package heddle.cluster.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.operation.Call;
import heddle.cluster.operation.Operations;
import heddle.cluster.patch.JsonPatch;
import heddle.cluster.patch.MergePatch;
import heddle.cluster.patch.StrategicMerge;
import heddle.cluster.type.Served;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** PATCH, by the type of its body. */
final class Patching {
  private final Operations operations;
  private final Bodies bodies;

  /** The object after the patch. */
  record Result(ObjectNode object, boolean created) {}

  Patching(Operations operations, Bodies bodies) {
    this.operations = operations;
    this.bodies = bodies;
  }

  Result patch(Exchange exchange, Served served, Call call, String subresource) throws IOException {
    Target target = exchange.target();
    String type = Bodies.mediaType(exchange);
    byte[] body = exchange.body();
    if (type.startsWith("application/apply-patch+")) {
      return apply(exchange, served, call, subresource, bodies.yaml(body));
    }
    UnaryOperator<JsonNode> change = change(served, type, body);
    return new Result(
        operations.modify(
            call,
            served,
            subresource,
            target.namespace(),
            target.name(),
            current -> bodies.asObject(change.apply(current))),
        false);
  }

  /** How a patch changes a tree of this version. */
  UnaryOperator<JsonNode> change(Served served, String type, byte[] body) {
    return switch (type) {
      case "application/json-patch+json" -> {
        JsonNode patch = bodies.json(body);
        yield current -> JsonPatch.apply(current, patch);
      }
      case "application/merge-patch+json" -> {
        JsonNode patch = bodies.json(body);
        yield current -> MergePatch.apply(current, patch);
      }
      case "application/strategic-merge-patch+json" -> {
        if (served.definition().custom()) {
          throw unsupported(type, served);
        }
        ObjectNode patch = bodies.asObject(bodies.json(body));
        yield current -> StrategicMerge.apply(bodies.asObject(current), patch, served.schema());
      }
      default -> throw unsupported(type, served);
    };
  }

  private static ApiException unsupported(String type, Served served) {
    String strategic =
        served.definition().custom() ? "" : ", application/strategic-merge-patch+json";
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json-patch+json, application/merge-patch+json,"
            + " application/apply-patch+yaml"
            + strategic
            + "; got "
            + type);
  }

  private Result apply(
      Exchange exchange, Served served, Call call, String subresource, ObjectNode applied) {
    Target target = exchange.target();
    if (exchange.parameter("fieldManager").orElse("").isEmpty()) {
      throw new ApiException(
          422,
          "Invalid",
          "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for"
              + " apply patch");
    }
    boolean force = exchange.parameter("force").orElse("false").equals("true");
    Operations.Applied result =
        operations.apply(
            call, served, subresource, target.namespace(), target.name(), applied, force);
    return new Result(result.object(), result.created());
  }
}
