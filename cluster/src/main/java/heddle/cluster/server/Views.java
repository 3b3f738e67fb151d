package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.table.Tables;
import heddle.cluster.type.Served;
import java.time.InstantSource;
import java.util.List;

/** Shows objects and lists in the form that a client asked for. */
final class Views {
  private final Tables tables;

  Views(InstantSource clock) {
    this.tables = new Tables(clock);
  }

  ObjectNode one(Served served, Exchange exchange, ObjectNode object) {
    Representation representation = Representation.of(exchange);
    return switch (representation.form()) {
      case TABLE ->
          tables.table(
              served, List.of(object), version(object), include(exchange), version(representation));
      case PARTIAL -> Tables.partial(object, "meta.k8s.io/" + version(representation));
      case OBJECT, DISCOVERY -> object;
    };
  }

  ObjectNode list(Served served, Exchange exchange, long revision, List<ObjectNode> items) {
    Representation representation = Representation.of(exchange);
    String at = Long.toString(revision);
    return switch (representation.form()) {
      case TABLE -> tables.table(served, items, at, include(exchange), version(representation));
      case PARTIAL -> {
        String api = "meta.k8s.io/" + version(representation);
        List<ObjectNode> partial = items.stream().map(i -> Tables.partial(i, api)).toList();
        yield list("PartialObjectMetadataList", api, at, partial);
      }
      case OBJECT, DISCOVERY ->
          list(served.definition().names().listKind(), served.type().apiVersion(), at, items);
    };
  }

  private static String version(Representation representation) {
    return representation.version().isEmpty() ? "v1" : representation.version();
  }

  private static String version(ObjectNode object) {
    return object.path("metadata").path("resourceVersion").asText("");
  }

  private static String include(Exchange exchange) {
    return exchange.parameter("includeObject").orElse("Metadata");
  }

  private static ObjectNode list(
      String kind, String apiVersion, String revision, List<ObjectNode> items) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", kind).put("apiVersion", apiVersion);
    list.putObject("metadata").put("resourceVersion", revision);
    ArrayNode array = list.putArray("items");
    items.forEach(array::add);
    return list;
  }
}
