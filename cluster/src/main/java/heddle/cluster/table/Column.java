package heddle.cluster.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * One column.
 *
 * @param type string, integer, number, boolean or date
 * @param priority 0 always shown, 1 with {@code -o wide}
 * @param cell what an object shows in it
 */
record Column(
    String name,
    String type,
    String format,
    int priority,
    BiFunction<ObjectNode, Instant, JsonNode> cell) {

  static Column text(String name, BiFunction<ObjectNode, Instant, String> cell) {
    return new Column(name, "string", "", 0, (o, now) -> string(cell.apply(o, now)));
  }

  static Column number(String name, java.util.function.ToLongFunction<ObjectNode> cell) {
    return new Column(
        name,
        "integer",
        "",
        0,
        (o, now) -> JsonNodeFactory.instance.numberNode(cell.applyAsLong(o)));
  }

  Column wide() {
    return new Column(name, type, format, 1, cell);
  }

  static JsonNode string(String value) {
    return JsonNodeFactory.instance.textNode(value);
  }
}
