package heddle.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RFC 6902. All operations succeed, or the whole patch is a 422 Invalid. */
public final class JsonPatch {
  private static final int LIMIT = 10_000;

  private JsonNode document;

  private JsonPatch(JsonNode document) {
    this.document = document;
  }

  /**
   * A new tree; neither argument is changed.
   *
   * @throws ApiException 400 for what is no patch, 413 for too many operations, 422 when one fails
   */
  public static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!patch.isArray()) {
      throw ApiException.badRequest(
          "a JSON patch is an array of operations; got " + patch.getNodeType());
    }
    if (patch.size() > LIMIT) {
      throw new ApiException(
          413,
          "RequestEntityTooLarge",
          "The allowed maximum operations in a JSON patch is %d, got %d"
              .formatted(LIMIT, patch.size()));
    }
    JsonPatch state = new JsonPatch(target.deepCopy());
    patch.forEach(state::run);
    return state.document;
  }

  private void run(JsonNode operation) {
    String path = text(operation, "path");
    switch (operation.path("op").asText("")) {
      case "add" -> add(path, value(operation));
      case "remove" -> remove(path);
      case "replace" -> replace(path, value(operation));
      case "move" -> move(text(operation, "from"), path);
      case "copy" -> add(path, find(text(operation, "from")).deepCopy());
      case "test" -> test(path, value(operation));
      default -> throw failed("unknown operation " + operation.path("op"));
    }
  }

  private static String text(JsonNode operation, String field) {
    if (!operation.path(field).isTextual()) {
      throw failed("operation " + operation.path("op") + " needs " + field);
    }
    return operation.path(field).asText();
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw failed("operation " + operation.path("op") + " needs value");
    }
    return value.deepCopy();
  }

  private void move(String from, String to) {
    if (to.startsWith(from + "/")) {
      throw failed("cannot move " + from + " into itself");
    }
    JsonNode value = find(from);
    remove(from);
    add(to, value);
  }

  private void test(String path, JsonNode expected) {
    JsonNode actual = lookup(path);
    boolean same = actual == null ? expected.isNull() : actual.equals(expected);
    if (!same) {
      throw failed("testing path " + path + ": value differs");
    }
  }

  private void add(String path, JsonNode value) {
    List<String> tokens = tokens(path);
    if (tokens.isEmpty()) {
      document = value;
      return;
    }
    String last = tokens.get(tokens.size() - 1);
    switch (parent(tokens, path)) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode array -> {
        int index = last.equals("-") ? array.size() : index(last, array.size() + 1, path);
        array.insert(index, value);
      }
      default -> throw missing(path);
    }
  }

  private void remove(String path) {
    List<String> tokens = tokens(path);
    if (tokens.isEmpty()) {
      throw failed("cannot remove the whole document");
    }
    find(path);
    String last = tokens.get(tokens.size() - 1);
    switch (parent(tokens, path)) {
      case ObjectNode object -> object.remove(last);
      case ArrayNode array -> array.remove(index(last, array.size(), path));
      default -> throw missing(path);
    }
  }

  private void replace(String path, JsonNode value) {
    List<String> tokens = tokens(path);
    if (tokens.isEmpty()) {
      document = value;
      return;
    }
    find(path);
    String last = tokens.get(tokens.size() - 1);
    switch (parent(tokens, path)) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode array -> array.set(index(last, array.size(), path), value);
      default -> throw missing(path);
    }
  }

  private JsonNode parent(List<String> tokens, String path) {
    JsonNode node = document;
    for (String token : tokens.subList(0, tokens.size() - 1)) {
      node = child(node, token);
      if (node == null) {
        throw missing(path);
      }
    }
    return node;
  }

  private JsonNode find(String path) {
    JsonNode node = lookup(path);
    if (node == null) {
      throw missing(path);
    }
    return node;
  }

  private @Nullable JsonNode lookup(String path) {
    JsonNode node = document;
    for (String token : tokens(path)) {
      node = child(node, token);
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  private static @Nullable JsonNode child(JsonNode node, String token) {
    return switch (node) {
      case ObjectNode object -> object.get(token);
      case ArrayNode array -> isIndex(token) ? array.get(Integer.parseInt(token)) : null;
      default -> null;
    };
  }

  private static boolean isIndex(String token) {
    return !token.isEmpty()
        && token.length() < 10
        && token.chars().allMatch(c -> c >= '0' && c <= '9')
        && (token.length() == 1 || token.charAt(0) != '0');
  }

  private static int index(String token, int limit, String path) {
    if (!isIndex(token) || Integer.parseInt(token) >= limit) {
      throw failed("index " + token + " is out of bounds in " + path);
    }
    return Integer.parseInt(token);
  }

  private static List<String> tokens(String path) {
    if (path.isEmpty()) {
      return List.of();
    }
    if (path.charAt(0) != '/') {
      throw failed("path " + path + " does not start with /");
    }
    List<String> tokens = new ArrayList<>();
    for (String token : path.substring(1).split("/", -1)) {
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return tokens;
  }

  private static ApiException missing(String path) {
    return failed("the path " + path + " does not exist");
  }

  private static ApiException failed(String why) {
    return new ApiException(422, "Invalid", why);
  }
}
