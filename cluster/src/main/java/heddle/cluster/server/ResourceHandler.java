package heddle.cluster.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.operation.Call;
import heddle.cluster.operation.Deletion;
import heddle.cluster.operation.Operations;
import heddle.cluster.store.Store;
import heddle.cluster.store.Stored;
import heddle.cluster.type.Served;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads and writes of objects, their status and their collections. */
final class ResourceHandler {
  private static final Set<String> CREATED_BY_UPDATE =
      Set.of("leases.coordination.k8s.io", "endpoints", "events");

  private final Operations operations;
  private final Views views;
  private final Bodies bodies;
  private final WatchStream watches;
  private final Patching patching;
  private final ObjectSubresources subresources;
  private final DeleteBodies deletes;

  ResourceHandler(Operations operations, Views views, Bodies bodies, WatchStream watches) {
    this.operations = operations;
    this.views = views;
    this.bodies = bodies;
    this.watches = watches;
    this.patching = new Patching(operations, bodies);
    this.subresources = new ObjectSubresources(operations, bodies, patching);
    this.deletes = new DeleteBodies(bodies);
  }

  void handle(HttpExchange exchange, Served served) throws IOException {
    Target target = exchange.target();
    if (served.deprecation() != null) {
      exchange.warn(served.deprecation());
    }
    Call call = Calls.of(exchange);
    switch (target.subresource()) {
      case "" -> whole(exchange, served, call);
      case "status" -> part(exchange, served, call);
      default ->
          subresources
              .answer(exchange, served, call)
              .ifPresentOrElse(
                  answer -> send(exchange, answer.code(), answer.body()),
                  () -> {
                    throw new ApiException(
                        404, "NotFound", "the server could not find the requested resource");
                  });
    }
  }

  private void whole(HttpExchange exchange, Served served, Call call) throws IOException {
    Target target = exchange.target();
    if (!served.definition().verbs().contains(target.verb())) {
      throw notAllowed();
    }
    switch (target.verb()) {
      case "get" -> show(exchange, served, 200, read(served, target));
      case "list" -> list(exchange, served);
      case "watch" -> watches.handle(exchange, served);
      case "create" -> create(exchange, served, call);
      case "update" -> update(exchange, served, call);
      case "patch" -> patch(exchange, served, call, "");
      case "delete" -> delete(exchange, served, call);
      case "deletecollection" -> deleteCollection(exchange, served, call);
      default -> throw notAllowed();
    }
  }

  private void part(HttpExchange exchange, Served served, Call call) throws IOException {
    Target target = exchange.target();
    if (!served.definition().status()) {
      throw new ApiException(404, "NotFound", "the server could not find the requested resource");
    }
    switch (target.verb()) {
      case "get" -> show(exchange, served, 200, read(served, target));
      case "update" -> {
        ObjectNode body = bodies.object(exchange);
        show(
            exchange,
            served,
            200,
            operations.modify(
                call, served, "status", target.namespace(), target.name(), o -> body.deepCopy()));
      }
      case "patch" -> patch(exchange, served, call, "status");
      default -> throw notAllowed();
    }
  }

  private static ApiException notAllowed() {
    return new ApiException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  private ObjectNode read(Served served, Target target) {
    return operations
        .get(served, target.namespace(), target.name())
        .orElseThrow(() -> ApiException.notFound(served.type(), target.name()));
  }

  private void list(HttpExchange exchange, Served served) throws IOException {
    ListQuery query = ListQuery.of(exchange, served, false);
    Store.Listing listing =
        operations.store().list(served.resource(), exchange.target().namespace());
    query.requireReached(listing.revision());
    List<ObjectNode> items = new ArrayList<>();
    for (Stored stored : listing.items()) {
      if (query.selector().matches(stored.object())) {
        items.add(Operations.view(served, stored.object()));
      }
    }
    send(exchange, 200, views.list(served, exchange, listing.revision(), items));
  }

  private void create(HttpExchange exchange, Served served, Call call) throws IOException {
    Target target = exchange.target();
    if (served.type().namespaced() && target.namespace().isEmpty()) {
      throw notAllowed();
    }
    ObjectNode body = bodies.object(exchange);
    show(exchange, served, 201, operations.create(call, served, target.namespace(), body));
  }

  private void update(HttpExchange exchange, Served served, Call call) throws IOException {
    Target target = exchange.target();
    ObjectNode body = bodies.object(exchange);
    boolean absent = operations.get(served, target.namespace(), target.name()).isEmpty();
    if (absent && CREATED_BY_UPDATE.contains(served.resource())) {
      Metadata.of(body).remove("resourceVersion");
      show(exchange, served, 201, operations.create(call, served, target.namespace(), body));
      return;
    }
    if (served.definition().custom() && Metadata.resourceVersion(body).isEmpty()) {
      String message = "Invalid value: 0x0: must be specified for an update";
      throw new ApiException(
          422,
          "Invalid",
          "%s.%s \"%s\" is invalid: metadata.resourceVersion: %s"
              .formatted(served.type().plural(), served.type().group(), target.name(), message),
          List.of(
              new ApiException.Cause("FieldValueInvalid", "metadata.resourceVersion", message)));
    }
    show(
        exchange,
        served,
        200,
        operations.modify(
            call, served, "", target.namespace(), target.name(), o -> body.deepCopy()));
  }

  private void patch(HttpExchange exchange, Served served, Call call, String subresource)
      throws IOException {
    Patching.Result result = patching.patch(exchange, served, call, subresource);
    show(exchange, served, result.created() ? 201 : 200, result.object());
  }

  private void delete(HttpExchange exchange, Served served, Call call) throws IOException {
    Target target = exchange.target();
    DeleteBodies.Request request = deletes.read(exchange);
    Deletion.Result result =
        operations.delete(
            request.dryRun() ? Calls.dry(call) : call,
            served,
            target.namespace(),
            target.name(),
            request.options());
    ObjectNode answer =
        result.gone() && !served.resource().equals("pods")
            ? StatusBody.deleted(served.type(), result.object())
            : views.one(served, exchange, result.object());
    send(exchange, 200, answer);
  }

  private void deleteCollection(HttpExchange exchange, Served served, Call call)
      throws IOException {
    ListQuery query = ListQuery.of(exchange, served, false);
    DeleteBodies.Request request = deletes.read(exchange);
    DeleteOptions options = request.options();
    Call as = request.dryRun() ? Calls.dry(call) : call;
    Store.Listing listing =
        operations.store().list(served.resource(), exchange.target().namespace());
    List<ObjectNode> deleted = new ArrayList<>();
    for (Stored stored : listing.items()) {
      if (query.selector().matches(stored.object())) {
        remove(as, served, stored, options).ifPresent(deleted::add);
      }
    }
    send(exchange, 200, views.list(served, exchange, listing.revision(), deleted));
  }

  private Optional<ObjectNode> remove(
      Call call, Served served, Stored stored, DeleteOptions options) {
    try {
      return Optional.of(
          operations
              .delete(call, served, stored.key().namespace(), stored.key().name(), options)
              .object());
    } catch (ApiException e) {
      if (e.reason().equals("NotFound")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void show(HttpExchange exchange, Served served, int code, ObjectNode object) {
    send(exchange, code, views.one(served, exchange, object));
  }

  private void send(HttpExchange exchange, int code, JsonNode body) {
    Bodies.send(exchange, code, bodies.write(body));
  }
}
