package heddle.cluster.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.manifest.Document;
import heddle.manifest.ManifestException;
import heddle.manifest.ManifestReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads and writes bodies: JSON, YAML, and Kubernetes' protobuf through its decoder. */
final class Bodies {
  static final String JSON = "application/json";
  private static final int DEPTH = 200;

  private final ObjectMapper mapper =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
              .build());
  private final ProtobufDecoder protobuf;

  Bodies(ProtobufDecoder protobuf) {
    this.protobuf = protobuf;
  }

  /** The media type of a body, without parameters; JSON when nothing is said. */
  static String mediaType(Exchange exchange) {
    String type = exchange.header("content-type").orElse(JSON);
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  ObjectNode object(Exchange exchange) throws IOException {
    return object(mediaType(exchange), exchange.body());
  }

  ObjectNode object(String mediaType, byte[] body) {
    return switch (mediaType) {
      case JSON, "*/*", "" -> asObject(json(body));
      case "application/yaml", "application/x-yaml", "text/yaml" -> yaml(body);
      case "application/vnd.kubernetes.protobuf" -> protobuf.decode(body);
      default -> throw unsupported(mediaType);
    };
  }

  static ApiException unsupported(String type) {
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json, application/yaml, application/vnd.kubernetes.protobuf; got "
            + type);
  }

  JsonNode json(byte[] body) {
    try {
      JsonNode tree = mapper.readTree(body);
      if (tree == null || tree.isMissingNode()) {
        throw ApiException.badRequest("the body of the request is empty; expected an object");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest(
          "the body of the request is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ApiException.badRequest("the body of the request cannot be read: " + e.getMessage());
    }
  }

  ObjectNode asObject(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest(
        "the body of the request is a JSON " + tree.getNodeType() + "; expected an object");
  }

  /** One YAML or JSON document. */
  ObjectNode yaml(byte[] body) {
    try {
      List<Document> documents =
          new ManifestReader().read("body", new String(body, StandardCharsets.UTF_8));
      if (documents.size() != 1) {
        throw ApiException.badRequest(
            "the body of the request has " + documents.size() + " documents; expected one");
      }
      return asObject(mapper.readTree(mapper.writeValueAsBytes(documents.get(0).root().plain())));
    } catch (ManifestException e) {
      throw ApiException.badRequest("the body of the request is not YAML: " + e.getMessage());
    } catch (IOException e) {
      throw ApiException.badRequest("the body of the request cannot be read: " + e.getMessage());
    }
  }

  /** Answers with JSON. */
  static void send(Exchange exchange, int code, byte[] json) {
    try {
      exchange.respond(
          code,
          Map.of(
              "Content-Type", List.of(JSON),
              "Cache-Control", List.of("no-cache, private")),
          json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] write(JsonNode tree) {
    try {
      return mapper.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON: " + e.getMessage(), e);
    }
  }
}
