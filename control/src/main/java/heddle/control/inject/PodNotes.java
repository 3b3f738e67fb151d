package heddle.control.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pod's {@code appmesh.k8s.aws/} annotations, read. */
record PodNotes(Map<String, String> annotations) {
  static final String PREFIX = "appmesh.k8s.aws/";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** An annotation by its short name; the default when absent. */
  String get(String name, String otherwise) {
    return annotations.getOrDefault(PREFIX + name, otherwise);
  }

  boolean enabled(String name) {
    return get(name, "").equals("enabled");
  }

  boolean has(String name) {
    return annotations.containsKey(PREFIX + name);
  }

  /**
   * The variables of {@code sidecarEnv} ({@code K=V, K2=V2}) and {@code sidecarEnvJson}.
   *
   * @throws IllegalArgumentException if one is malformed
   */
  Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String pair : items("sidecarEnv")) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw malformed("sidecarEnv", pair, "K=V, K2=V2");
      }
      variables.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    String json = get("sidecarEnvJson", "[]");
    try {
      for (JsonNode entry : MAPPER.readTree(json)) {
        entry.properties().forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
      }
    } catch (JsonProcessingException e) {
      throw malformed("sidecarEnvJson", json, "[{\"K\":\"V\"}]");
    }
    return variables;
  }

  /**
   * The {@code name:/path} pairs of {@code secretMounts} or {@code volumeMounts}.
   *
   * @throws IllegalArgumentException if one is malformed
   */
  Map<String, String> mounts(String annotation) {
    Map<String, String> mounts = new LinkedHashMap<>();
    for (String pair : items(annotation)) {
      int colon = pair.indexOf(':');
      if (colon <= 0 || colon == pair.length() - 1) {
        throw malformed(annotation, pair, "name:/path,name2:/path2");
      }
      mounts.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
    }
    return mounts;
  }

  private List<String> items(String annotation) {
    return List.of(get(annotation, "").split(",")).stream()
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static IllegalArgumentException malformed(String name, String value, String expected) {
    return new IllegalArgumentException(
        "malformed annotation " + PREFIX + name + ": " + value + " (expected: " + expected + ")");
  }
}
