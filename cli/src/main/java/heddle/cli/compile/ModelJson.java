package heddle.cli.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.load.Durations;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON: components become members in their order, absent ones are left out. A record
 * that is one of several alternatives says which under {@code is}.
 */
final class ModelJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ModelJson() {}

  static JsonNode of(@Nullable Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case Boolean truth -> JSON.booleanNode(truth);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Duration duration -> JSON.textNode(Durations.format(duration.toNanos()));
      case Collection<?> items -> {
        ArrayNode list = JSON.arrayNode();
        items.forEach(item -> list.add(of(item)));
        yield list;
      }
      case Map<?, ?> map -> {
        ObjectNode object = JSON.objectNode();
        map.forEach((key, item) -> object.set(String.valueOf(key), of(item)));
        yield object;
      }
      case Record one -> object(one);
      default -> JSON.textNode(value.toString());
    };
  }

  private static ObjectNode object(Record one) {
    ObjectNode object = JSON.objectNode();
    for (Class<?> type : one.getClass().getInterfaces()) {
      if (type.isSealed()) {
        object.put("is", one.getClass().getSimpleName());
      }
    }
    for (RecordComponent component : one.getClass().getRecordComponents()) {
      Object value = value(one, component);
      if (value != null) {
        object.set(component.getName(), of(value));
      }
    }
    return object;
  }

  private static @Nullable Object value(Record one, RecordComponent component) {
    try {
      return component.getAccessor().invoke(one);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "the model has a record that is not public: " + one.getClass().getName(), e);
    }
  }
}
