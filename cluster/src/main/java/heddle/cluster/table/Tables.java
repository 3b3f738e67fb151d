package heddle.cluster.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import heddle.cluster.type.Served;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Shows objects as {@code meta.k8s.io} Tables and as their metadata alone. */
public final class Tables {
  private final InstantSource clock;

  public Tables(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A table of objects in the version of {@code served}.
   *
   * @param include what each row carries of its object: None, Metadata or Object
   * @param version v1 or v1beta1 of meta.k8s.io
   */
  public ObjectNode table(
      Served served, List<ObjectNode> items, String revision, String include, String version) {
    List<Column> columns = columns(served);
    String api = "meta.k8s.io/" + version;
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", api);
    table.putObject("metadata").put("resourceVersion", revision);
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Column column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.format())
          .put("description", "")
          .put("priority", column.priority());
    }
    Instant now = clock.instant();
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode item : items) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      columns.forEach(column -> cells.add(column.cell().apply(item, now)));
      switch (include) {
        case "Object" -> row.set("object", item);
        case "None" -> {}
        default -> row.set("object", partial(item, api));
      }
    }
    return table;
  }

  /** An object's metadata as {@code PartialObjectMetadata}. */
  public static ObjectNode partial(ObjectNode object, String apiVersion) {
    ObjectNode partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", apiVersion);
    partial.set("metadata", Metadata.of(object));
    return partial;
  }

  private static List<Column> columns(Served served) {
    List<Column> columns = new ArrayList<>();
    List<Column> own =
        served.definition().custom()
            ? CustomColumns.of(served.columns())
            : BuiltinColumns.of(served.resource());
    boolean event = served.resource().equals("events");
    if (!event) {
      columns.add(name());
    }
    columns.addAll(own);
    if (event) {
      columns.add(name().wide());
    }
    return columns;
  }

  private static Column name() {
    return new Column(
        "Name", "string", "name", 0, (object, now) -> Column.string(Metadata.name(object)));
  }

  static Column age() {
    return Column.text(
        "Age",
        (object, now) ->
            Age.since(object.path("metadata").path("creationTimestamp").asText(""), now));
  }
}
