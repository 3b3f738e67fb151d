package heddle.cluster.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.operation.Call;
import heddle.cluster.operation.Operations;
import heddle.cluster.type.Served;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The subresources that are nothing but another view of the object. */
final class ObjectSubresources {
  private final Operations operations;
  private final Bodies bodies;
  private final Patching patching;

  /** A JSON answer. */
  record Answer(int code, ObjectNode body) {}

  ObjectSubresources(Operations operations, Bodies bodies, Patching patching) {
    this.operations = operations;
    this.bodies = bodies;
    this.patching = patching;
  }

  /** Empty when there is no such subresource. */
  Optional<Answer> answer(Exchange exchange, Served served, Call call) throws IOException {
    String what = served.resource() + "/" + exchange.target().subresource();
    if (exchange.target().subresource().equals("scale") && served.definition().scale() != null) {
      return Optional.of(scale(exchange, served, call));
    }
    return switch (what) {
      case "namespaces/finalize" -> Optional.of(finalize(exchange, served, call));
      case "pods/binding" -> Optional.of(bind(exchange, served, call));
      case "pods/eviction" -> Optional.of(evict(exchange, served, call));
      default -> Optional.empty();
    };
  }

  private Answer scale(Exchange exchange, Served served, Call call) throws IOException {
    Target target = exchange.target();
    Scales scales = new Scales(served);
    switch (target.verb()) {
      case "get" -> {
        ObjectNode object =
            operations
                .get(served, target.namespace(), target.name())
                .orElseThrow(() -> ApiException.notFound(served.type(), target.name()));
        return new Answer(200, scales.of(object));
      }
      case "update" -> {
        ObjectNode scale = bodies.object(exchange);
        return change(target, served, call, scales, scale);
      }
      case "patch" -> {
        byte[] body = exchange.body();
        var change = patching.change(served, Bodies.mediaType(exchange), body);
        ObjectNode changed =
            operations.modify(
                call,
                served,
                "",
                target.namespace(),
                target.name(),
                object -> scales.apply(object, bodies.asObject(change.apply(scales.of(object)))));
        return new Answer(200, scales.of(changed));
      }
      default -> throw notAllowed();
    }
  }

  private Answer change(Target target, Served served, Call call, Scales scales, ObjectNode scale) {
    ObjectNode changed =
        operations.modify(
            call,
            served,
            "",
            target.namespace(),
            target.name(),
            object -> scales.apply(object, scale));
    return new Answer(200, scales.of(changed));
  }

  private Answer finalize(Exchange exchange, Served served, Call call) throws IOException {
    requirePut(exchange);
    ObjectNode body = bodies.object(exchange);
    return new Answer(
        200,
        operations.modify(
            call, served, "finalize", "", exchange.target().name(), o -> body.deepCopy()));
  }

  private Answer bind(Exchange exchange, Served served, Call call) throws IOException {
    requirePost(exchange);
    Target target = exchange.target();
    String node = bodies.object(exchange).path("target").path("name").asText("");
    if (node.isEmpty()) {
      throw ApiException.badRequest("target.name: Required value");
    }
    operations.modify(
        call,
        served,
        "",
        target.namespace(),
        target.name(),
        pod -> {
          String before = pod.path("spec").path("nodeName").asText("");
          if (!before.isEmpty()) {
            throw new ApiException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on pods/binding \"%s\": pod %s is already assigned to node \"%s\""
                    .formatted(target.name(), target.name(), before));
          }
          pod.withObject("/spec").put("nodeName", node);
          return pod;
        });
    operations.modify(call, served, "status", target.namespace(), target.name(), this::scheduled);
    return new Answer(201, StatusBody.success(201));
  }

  private ObjectNode scheduled(ObjectNode pod) {
    ArrayNode conditions = pod.withArray("/status/conditions");
    for (JsonNode condition : conditions) {
      if (condition.path("type").asText().equals("PodScheduled")) {
        return pod;
      }
    }
    conditions
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "True")
        .put(
            "lastTransitionTime",
            operations.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
    return pod;
  }

  private Answer evict(Exchange exchange, Served served, Call call) throws IOException {
    requirePost(exchange);
    Target target = exchange.target();
    ObjectNode eviction = bodies.object(exchange);
    String name = Metadata.name(eviction);
    if (!name.isEmpty() && !name.equals(target.name())) {
      throw ApiException.badRequest("name in URL does not match name in Eviction object");
    }
    DeleteBodies.Request request = DeleteBodies.parse(eviction.path("deleteOptions"));
    operations.delete(
        request.dryRun() ? Calls.dry(call) : call,
        served,
        target.namespace(),
        target.name(),
        request.options());
    return new Answer(201, StatusBody.success(201));
  }

  private static void requirePost(Exchange exchange) {
    if (!exchange.target().verb().equals("create")) {
      throw notAllowed();
    }
  }

  private static void requirePut(Exchange exchange) {
    if (!exchange.target().verb().equals("update")) {
      throw notAllowed();
    }
  }

  private static ApiException notAllowed() {
    return new ApiException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }
}
