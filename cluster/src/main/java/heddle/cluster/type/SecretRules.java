package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Secrets: {@code stringData} becomes {@code data}. Values never reach messages. */
final class SecretRules implements Rules {

  @Override
  public void defaults(ObjectNode secret) {
    Fill.text(secret, "type", "Opaque");
    joinLines(secret);
    if (secret.remove("stringData") instanceof ObjectNode plain && !plain.isEmpty()) {
      ObjectNode data = Fill.object(secret, "data");
      for (var entry : plain.properties()) {
        byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
  }

  /** Kubernetes takes base64 in lines, as blocks of YAML give it, and keeps it in one. */
  private static void joinLines(ObjectNode secret) {
    if (secret.get("data") instanceof ObjectNode data) {
      for (var entry : data.properties()) {
        if (entry.getValue().isTextual()) {
          entry.setValue(
              TextNode.valueOf(entry.getValue().asText().replace("\r", "").replace("\n", "")));
        }
      }
    }
  }

  @Override
  public void validate(ObjectNode secret, @Nullable ObjectNode old, Problems problems) {
    for (var entry : secret.path("data").properties()) {
      ConfigMapRules.keys("data", entry.getKey(), problems);
      JsonNode value = entry.getValue();
      if (!value.isNull() && !base64(value.asText())) {
        problems.invalid("data[" + entry.getKey() + "]", "<hidden>", "must be base64");
      }
    }
    if (old != null && !secret.path("type").equals(old.path("type"))) {
      problems.invalid("type", secret.path("type"), "field is immutable");
    }
    ConfigMapRules.immutable(secret, old, problems);
  }

  private static boolean base64(String text) {
    try {
      Base64.getDecoder().decode(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
