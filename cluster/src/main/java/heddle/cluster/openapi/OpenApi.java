package heddle.cluster.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * OpenAPI v3 per group and version, with the schemas of every kind, and OpenAPI v2 with paths
 * alone: clients that read v2 then check nothing by themselves and patch built-in kinds with their
 * own types.
 */
public final class OpenApi {
  /** Content type of {@link #v2Protobuf}: with a dot, unlike the one that clients ask for. */
  public static final String V2_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private final Types types;
  private final ObjectMapper mapper = new ObjectMapper();

  /** One group's document and the hash that its URL carries. */
  public record Document(byte[] json, String hash) {}

  public OpenApi(Types types) {
    this.types = types;
  }

  /** {@code /openapi/v3}. */
  public ObjectNode v3Index() {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ObjectNode paths = index.putObject("paths");
    byName()
        .forEach(
            (name, served) ->
                paths
                    .putObject(name)
                    .put("serverRelativeURL", "/openapi/v3/" + name + "?hash=" + hash(served)));
    return index;
  }

  /**
   * {@code /openapi/v3/NAME}.
   *
   * @param name {@code api/v1} or {@code apis/GROUP/VERSION}
   */
  public Optional<Document> v3(String name) {
    List<Served> served = byName().get(name);
    if (served == null) {
      return Optional.empty();
    }
    ObjectNode document = new GroupDocument(types.schemas().definitions()).of(served);
    return Optional.of(new Document(write(document), hash(served)));
  }

  /** {@code /openapi/v2} as the protobuf of gnostic's {@code openapi.v2.Document}. */
  public byte[] v2Protobuf() {
    return new SwaggerPaths(types).protobuf();
  }

  /** {@code /openapi/v2} as JSON. */
  public ObjectNode v2Json() {
    return new SwaggerPaths(types).json();
  }

  private Map<String, List<Served>> byName() {
    Map<String, List<Served>> names = new TreeMap<>();
    for (Served served : types.all()) {
      String group = served.type().group();
      String name =
          group.isEmpty()
              ? "api/" + served.type().version()
              : "apis/" + group + "/" + served.type().version();
      names.computeIfAbsent(name, n -> new ArrayList<>()).add(served);
    }
    return names;
  }

  /** Built-in kinds change with the program only; custom ones with their schema. */
  private String hash(List<Served> served) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("1".getBytes(StandardCharsets.UTF_8));
      for (Served one : served) {
        digest.update(one.type().toString().getBytes(StandardCharsets.UTF_8));
        if (one.definition().custom()) {
          digest.update(write(one.schema().json()));
        }
      }
      return HexFormat.of().withUpperCase().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private byte[] write(com.fasterxml.jackson.databind.JsonNode node) {
    try {
      return mapper.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON: " + e.getMessage(), e);
    }
  }
}
