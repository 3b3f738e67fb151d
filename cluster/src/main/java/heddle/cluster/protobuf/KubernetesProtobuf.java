package heddle.cluster.protobuf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import heddle.cluster.object.ApiException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads bodies of type {@code application/vnd.kubernetes.protobuf}: four bytes {@code k8s\0}, then
 * {@code runtime.Unknown}, which names the kind and holds the object. kubectl since 1.32 and Go
 * controllers write built-in kinds this way.
 *
 * <p>Safe for use by many threads. Descriptors load when a group-version is first met.
 */
public final class KubernetesProtobuf {
  /** The media type, without parameters. */
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int DEPTH = 100;

  private final Descriptions descriptions = new Descriptions();
  private final TreeReader reader = new TreeReader();

  /**
   * The object as JSON would have it, with {@code apiVersion} and {@code kind}. Zero values that Go
   * writes for absent fields are left out.
   *
   * @throws ApiException 400 when the bytes are malformed; 415 when the kind has no protobuf form
   */
  public ObjectNode decode(byte[] body) {
    if (body.length < MAGIC.length || !Arrays.equals(body, 0, 4, MAGIC, 0, 4)) {
      throw ApiException.badRequest(
          "the body is not Kubernetes protobuf (expected: it begins with the bytes 6b 38 73 00)");
    }
    Envelope envelope = envelope(body);
    if (!envelope.encoding().isEmpty()) {
      throw unsupported("content encoding \"" + envelope.encoding() + "\"");
    }
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("apiVersion", envelope.apiVersion()).put("kind", envelope.kind());
    Descriptor type =
        descriptions
            .find(envelope.apiVersion(), envelope.kind())
            .orElseThrow(
                () ->
                    unsupported(
                        "kind \"%s\" of \"%s\" in protobuf form"
                            .formatted(envelope.kind(), envelope.apiVersion())));
    ObjectNode read = reader.struct(parse(type, envelope.raw()));
    tree.setAll(read);
    return tree;
  }

  /** The fields of a kind, or empty when it has no protobuf form. */
  public Optional<Shape.Struct> shape(String apiVersion, String kind) {
    return descriptions.find(apiVersion, kind).map(Shape.Struct::new);
  }

  private record Envelope(String apiVersion, String kind, byte[] raw, String encoding) {}

  // Unknown{typeMeta=1{apiVersion=1, kind=2}, raw=2, contentEncoding=3, contentType=4}
  private static Envelope envelope(byte[] body) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(body, 4, body.length - 4);
      String[] meta = {"", ""};
      byte[] raw = {};
      String encoding = "";
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case 10 -> meta = typeMeta(CodedInputStream.newInstance(in.readByteArray()));
          case 18 -> raw = in.readByteArray();
          case 26 -> encoding = in.readString();
          default -> in.skipField(tag);
        }
      }
      return new Envelope(meta[0], meta[1], raw, encoding);
    } catch (IOException e) {
      throw malformed("the envelope", e);
    }
  }

  private static String[] typeMeta(CodedInputStream in) throws IOException {
    String[] meta = {"", ""};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 10 -> meta[0] = in.readString();
        case 18 -> meta[1] = in.readString();
        default -> in.skipField(tag);
      }
    }
    return meta;
  }

  private static Message parse(Descriptor type, byte[] raw) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(raw);
      in.setRecursionLimit(DEPTH);
      DynamicMessage message = DynamicMessage.parseFrom(type, in);
      in.checkLastTagWas(0);
      return message;
    } catch (IOException e) {
      throw malformed(type.getName(), e);
    }
  }

  private static ApiException malformed(String what, IOException e) {
    return ApiException.badRequest(
        "the body is malformed protobuf (" + what + "): " + e.getMessage());
  }

  private static ApiException unsupported(String what) {
    return new ApiException(
        415, "UnsupportedMediaType", what + " is not supported; send application/json");
  }
}
