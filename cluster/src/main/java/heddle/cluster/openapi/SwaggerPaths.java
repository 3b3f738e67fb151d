package heddle.cluster.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * OpenAPI v2 with nothing but the PATCH operations, which old clients search for {@code dryRun}.
 * Field numbers are those of gnostic's openapiv2 messages.
 */
final class SwaggerPaths {
  private static final int SWAGGER = 1;
  private static final int INFO = 2;
  private static final int PATHS = 8;
  private static final int PATCH = 8;
  private static final int CONSUMES = 7;
  private static final int PARAMETERS = 8;
  private static final int EXTENSION = 13;
  private static final List<String> QUERY = List.of("dryRun", "fieldManager");

  private final Types types;

  SwaggerPaths(Types types) {
    this.types = types;
  }

  ObjectNode json() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("swagger", "2.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.33.0");
    ObjectNode paths = document.putObject("paths");
    for (Served served : types.all()) {
      if (Patches.patches(served)) {
        ResourceType type = served.type();
        ObjectNode patch = paths.putObject(Patches.path(type)).putObject("patch");
        ArrayNode consumes = patch.putArray("consumes");
        Patches.mediaTypes(served).forEach(consumes::add);
        ArrayNode parameters = patch.putArray("parameters");
        for (String name : QUERY) {
          parameters.addObject().put("name", name).put("in", "query").put("type", "string");
        }
        patch
            .putObject("x-kubernetes-group-version-kind")
            .put("group", type.group())
            .put("kind", type.kind())
            .put("version", type.version());
      }
    }
    return document;
  }

  byte[] protobuf() {
    return message(
        document -> {
          document.writeString(SWAGGER, "2.0");
          embed(
              document,
              INFO,
              info -> {
                info.writeString(1, "Kubernetes");
                info.writeString(2, "v1.33.0");
              });
          embed(
              document,
              PATHS,
              paths -> {
                for (Served served : types.all()) {
                  if (Patches.patches(served)) {
                    embed(paths, 2, named -> path(named, served));
                  }
                }
              });
        });
  }

  private static void path(CodedOutputStream named, Served served) throws IOException {
    named.writeString(1, Patches.path(served.type()));
    embed(named, 2, item -> embed(item, PATCH, operation -> operation(operation, served)));
  }

  private static void operation(CodedOutputStream operation, Served served) throws IOException {
    for (String mediaType : Patches.mediaTypes(served)) {
      operation.writeString(CONSUMES, mediaType);
    }
    for (String name : QUERY) {
      // parameters[].parameter.non_body_parameter.query_parameter_sub_schema{in, name, type}
      embed(
          operation,
          PARAMETERS,
          item ->
              embed(
                  item,
                  1,
                  parameter ->
                      embed(
                          parameter,
                          2,
                          nonBody ->
                              embed(
                                  nonBody,
                                  3,
                                  query -> {
                                    query.writeString(2, "query");
                                    query.writeString(4, name);
                                    query.writeString(6, "string");
                                  }))));
    }
    ResourceType type = served.type();
    String kind =
        "group: \"%s\"\nkind: %s\nversion: %s\n"
            .formatted(type.group(), type.kind(), type.version());
    embed(
        operation,
        EXTENSION,
        extension -> {
          extension.writeString(1, "x-kubernetes-group-version-kind");
          embed(extension, 2, any -> any.writeString(2, kind));
        });
  }

  /** Writes the fields of one message. */
  private interface Fields {
    void write(CodedOutputStream output) throws IOException;
  }

  private static void embed(CodedOutputStream output, int number, Fields fields)
      throws IOException {
    output.writeByteArray(number, message(fields));
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(output);
      output.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
