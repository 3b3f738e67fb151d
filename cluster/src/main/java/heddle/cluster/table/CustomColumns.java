package heddle.cluster.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.type.PrinterColumn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The columns that a CustomResourceDefinition declares. */
final class CustomColumns {

  private CustomColumns() {}

  static List<Column> of(List<PrinterColumn> declared) {
    if (declared.isEmpty()) {
      return List.of(Tables.age());
    }
    List<Column> columns = new ArrayList<>();
    for (PrinterColumn column : declared) {
      JsonPath path = JsonPath.parse(column.jsonPath());
      columns.add(
          new Column(
              column.name(),
              column.type().equals("date") ? "string" : column.type(),
              column.format(),
              column.priority(),
              (object, now) -> cell(column.type(), path.find(object), now)));
    }
    return columns;
  }

  private static JsonNode cell(String type, List<JsonNode> found, Instant now) {
    if (found.isEmpty() || found.get(0).isNull()) {
      return NullNode.instance;
    }
    JsonNode value = found.get(0);
    return switch (type) {
      case "date" -> Column.string(Age.since(value.asText(), now));
      case "integer", "number", "boolean" -> value;
      default -> Column.string(text(value));
    };
  }

  private static String text(JsonNode value) {
    return value instanceof ObjectNode || value instanceof ArrayNode
        ? value.toString()
        : value.asText();
  }
}
