package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ConfigMaps: keys, size, and immutability. */
final class ConfigMapRules implements Rules {
  private static final int LIMIT = 1024 * 1024;

  @Override
  public void validate(ObjectNode map, @Nullable ObjectNode old, Problems problems) {
    long size = 0;
    for (String field : List.of("data", "binaryData")) {
      for (var entry : map.path(field).properties()) {
        keys(field, entry.getKey(), problems);
        size += entry.getKey().length() + entry.getValue().asText().length();
      }
    }
    if (size > LIMIT) {
      problems.tooLong("", LIMIT);
    }
    immutable(map, old, problems);
  }

  static void keys(String field, String key, Problems problems) {
    boolean valid =
        key.length() <= 253
            && !key.isEmpty()
            && !key.equals(".")
            && !key.startsWith("..")
            && key.chars()
                .allMatch(
                    c ->
                        c == '-'
                            || c == '_'
                            || c == '.'
                            || (c >= '0' && c <= '9')
                            || (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z'));
    if (!valid) {
      problems.invalid(
          field + "[" + key + "]",
          key,
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
              + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
              + " '[-._a-zA-Z0-9]+')");
    }
  }

  static void immutable(ObjectNode now, @Nullable ObjectNode old, Problems problems) {
    if (old == null || !old.path("immutable").asBoolean()) {
      return;
    }
    if (!now.path("immutable").asBoolean()) {
      problems.forbidden("immutable", "field is immutable when `immutable` is set");
    }
    for (String field : List.of("data", "binaryData")) {
      JsonNode before = old.path(field);
      if (!before.equals(now.path(field))) {
        problems.forbidden(field, "field is immutable when `immutable` is set");
      }
    }
  }
}
