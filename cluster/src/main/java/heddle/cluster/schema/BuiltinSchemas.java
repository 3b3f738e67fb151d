package heddle.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of the built-in kinds, read from a resource when first asked for. The resource is
 * derived from Kubernetes' protobuf descriptors; a test keeps it so.
 */
public final class BuiltinSchemas {
  private @Nullable ObjectNode definitions;
  private final Map<String, String> kinds = new HashMap<>();
  private final Map<String, Schema> schemas = new HashMap<>();

  /** The schema of a built-in kind; one that keeps everything when there is none. */
  public synchronized Schema of(ResourceType type) {
    ObjectNode all = definitions();
    String name = kinds.get(type.group() + "/" + type.kind());
    if (name == null) {
      return Schema.OPEN;
    }
    return schemas.computeIfAbsent(name, n -> Schema.of(all.path(n), this::definition));
  }

  /** All definitions by name, as OpenAPI components have them. */
  public synchronized ObjectNode definitions() {
    if (definitions == null) {
      definitions = read();
      for (var entry : definitions.properties()) {
        for (JsonNode kind : entry.getValue().path("x-kubernetes-group-version-kind")) {
          kinds.put(kind.path("group").asText() + "/" + kind.path("kind").asText(), entry.getKey());
        }
      }
    }
    return definitions;
  }

  /** A schema that may refer to the definitions. */
  public Schema with(JsonNode schema) {
    return Schema.of(schema, this::definition);
  }

  private JsonNode definition(String name) {
    JsonNode found = definitions().get(name);
    return found == null ? MissingNode.getInstance() : found;
  }

  private static ObjectNode read() {
    try (InputStream stream = BuiltinSchemas.class.getResourceAsStream("builtin.json")) {
      if (stream == null) {
        throw new IOException("builtin.json is not in the jar");
      }
      return (ObjectNode) new ObjectMapper().readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the built-in schemas: " + e.getMessage(), e);
    }
  }
}
