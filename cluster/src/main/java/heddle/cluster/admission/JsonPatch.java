package heddle.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;

/** Applies a webhook's JSON Patch (RFC 6902), in place. */
final class JsonPatch {
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  private JsonPatch() {}

  /**
   * @throws IOException when an operation is malformed, its path does not exist or its test fails
   */
  static void apply(ObjectNode document, ArrayNode operations) throws IOException {
    for (JsonNode operation : operations) {
      apply(document, operation);
    }
  }

  private static void apply(ObjectNode document, JsonNode operation) throws IOException {
    String path = operation.path("path").asText("");
    String kind = operation.path("op").asText("");
    switch (kind) {
      case "add" -> add(document, path, value(operation));
      case "remove" -> remove(document, path);
      case "replace" -> {
        remove(document, path);
        add(document, path, value(operation));
      }
      case "move" -> add(document, path, remove(document, from(operation)));
      case "copy" -> add(document, path, find(document, from(operation)).deepCopy());
      case "test" -> {
        if (!Objects.equals(find(document, path), value(operation))) {
          throw new IOException("testing value " + path + " failed");
        }
      }
      default -> throw new IOException("unknown operation \"" + kind + "\"");
    }
  }

  private static JsonNode value(JsonNode operation) throws IOException {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw new IOException("operation without a value: " + operation);
    }
    return value.deepCopy();
  }

  private static String from(JsonNode operation) throws IOException {
    String from = operation.path("from").asText("");
    if (from.isEmpty()) {
      throw new IOException("operation without \"from\": " + operation);
    }
    return from;
  }

  private static void add(JsonNode document, String path, JsonNode value) throws IOException {
    String key = last(path);
    switch (find(document, parent(path))) {
      case ObjectNode object -> object.set(key, value);
      case ArrayNode array -> {
        int index = key.equals("-") ? array.size() : index(key, path);
        if (index > array.size()) {
          throw missing(path);
        }
        array.insert(index, value);
      }
      default -> throw missing(path);
    }
  }

  private static JsonNode remove(JsonNode document, String path) throws IOException {
    String key = last(path);
    JsonNode removed =
        switch (find(document, parent(path))) {
          case ObjectNode object -> object.remove(key);
          case ArrayNode array -> array.remove(index(key, path));
          default -> null;
        };
    if (removed == null) {
      throw missing(path);
    }
    return removed;
  }

  private static JsonNode find(JsonNode document, String path) throws IOException {
    JsonNode node = document;
    int start = 1;
    while (start <= path.length() && !path.isEmpty()) {
      int end = path.indexOf('/', start) < 0 ? path.length() : path.indexOf('/', start);
      String key = unescape(path.substring(start, end));
      JsonNode next = node.isArray() ? node.get(index(key, path)) : node.get(key);
      if (next == null) {
        throw missing(path);
      }
      node = next;
      start = end + 1;
    }
    return node;
  }

  private static String parent(String path) throws IOException {
    return path.substring(0, slash(path));
  }

  private static String last(String path) throws IOException {
    return unescape(path.substring(slash(path) + 1));
  }

  private static int slash(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash < 0 || !path.startsWith("/")) {
      throw new IOException("path \"" + path + "\" (expected: it begins with / and names a field)");
    }
    return slash;
  }

  private static int index(String key, String path) throws IOException {
    if (!INDEX.matcher(key).matches()) {
      throw new IOException("\"" + key + "\" in " + path + " is not an index");
    }
    return Integer.parseInt(key);
  }

  private static String unescape(String key) {
    return key.replace("~1", "/").replace("~0", "~");
  }

  private static IOException missing(String path) {
    return new IOException("there is nothing at " + path);
  }
}
