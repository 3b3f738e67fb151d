package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML as trees, and what is done with trees. */
final class Trees {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Trees() {}

  static JsonNode yaml(String file, String text) {
    try {
      var settings = LoadSettings.builder().setLabel(file).build();
      return JSON.valueToTree(new Load(settings).loadFromString(text));
    } catch (YamlEngineException e) {
      throw new ScenarioException(file + ": " + e.getMessage(), e);
    }
  }

  static ObjectNode object(String yaml) {
    return (ObjectNode) yaml("base", yaml);
  }

  /** RFC 7396: mappings are merged, null deletes, everything else replaces. */
  static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode merged =
        target.isObject() ? target.deepCopy() : JsonNodeFactory.instance.objectNode();
    for (var entry : patch.properties()) {
      if (entry.getValue().isNull()) {
        merged.remove(entry.getKey());
      } else {
        merged.set(entry.getKey(), merge(merged.path(entry.getKey()), entry.getValue()));
      }
    }
    return merged;
  }

  /** The same tree with every text replaced. */
  static JsonNode mapTexts(JsonNode node, UnaryOperator<String> change) {
    return switch (node) {
      case TextNode text -> TextNode.valueOf(change.apply(text.asText()));
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(e -> copy.set(e.getKey(), mapTexts(e.getValue(), change)));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> copy.add(mapTexts(element, change)));
        yield copy;
      }
      default -> node;
    };
  }
}
