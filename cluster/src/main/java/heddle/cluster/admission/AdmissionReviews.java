package heddle.cluster.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.admission.Admission.Request;
import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Served;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes AdmissionReview requests and reads the answers (admission.k8s.io v1 and v1beta1). */
final class AdmissionReviews {
  private static final Map<String, String> OPTIONS =
      Map.of("CREATE", "CreateOptions", "UPDATE", "UpdateOptions", "DELETE", "DeleteOptions");

  private final ObjectMapper mapper = new ObjectMapper();

  /**
   * What a webhook answered.
   *
   * @param patch JSON Patch operations, or null
   */
  record Verdict(
      boolean allowed,
      int code,
      String reason,
      String message,
      @Nullable ArrayNode patch,
      List<String> warnings) {}

  byte[] write(
      Webhook webhook, Request request, Served served, String uid, @Nullable ObjectNode object) {
    ObjectNode review = mapper.createObjectNode();
    review.put("kind", "AdmissionReview");
    review.put("apiVersion", "admission.k8s.io/" + webhook.reviewVersion());
    ObjectNode body = review.putObject("request").put("uid", uid);
    ResourceType seen = served.type();
    kind(body.putObject("kind"), seen);
    resource(body.putObject("resource"), seen);
    if (!request.subresource().isEmpty()) {
      body.put("subResource", request.subresource());
    }
    kind(body.putObject("requestKind"), request.type());
    resource(body.putObject("requestResource"), request.type());
    if (!request.subresource().isEmpty()) {
      body.put("requestSubResource", request.subresource());
    }
    if (!request.name().isEmpty()) {
      body.put("name", request.name());
    }
    if (!request.namespace().isEmpty()) {
      body.put("namespace", request.namespace());
    }
    body.put("operation", request.operation());
    body.set("userInfo", request.user().toJson());
    body.set("object", inVersion(served, object));
    body.set("oldObject", inVersion(served, request.oldObject()));
    body.put("dryRun", request.dryRun());
    options(body, request);
    try {
      return mapper.writeValueAsBytes(review);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write an AdmissionReview", e);
    }
  }

  private static void options(ObjectNode body, Request request) {
    String kind = OPTIONS.get(request.operation());
    if (kind != null) {
      ObjectNode options = body.putObject("options");
      options.put("kind", kind).put("apiVersion", "meta.k8s.io/v1");
      if (request.dryRun()) {
        options.putArray("dryRun").add("All");
      }
    }
  }

  private static @Nullable ObjectNode inVersion(Served served, @Nullable ObjectNode object) {
    return object == null ? null : served.fromStorage(object.deepCopy());
  }

  private static void kind(ObjectNode json, ResourceType type) {
    json.put("group", type.group()).put("version", type.version()).put("kind", type.kind());
  }

  private static void resource(ObjectNode json, ResourceType type) {
    json.put("group", type.group()).put("version", type.version()).put("resource", type.plural());
  }

  /**
   * @throws IOException when the answer is not what the protocol demands
   */
  Verdict read(Webhook webhook, String uid, byte[] answer) throws IOException {
    JsonNode review = mapper.readTree(answer);
    String expected = "admission.k8s.io/" + webhook.reviewVersion();
    boolean strict = webhook.reviewVersion().equals("v1");
    String version = review.path("apiVersion").asText("");
    if (strict && !version.equals(expected)) {
      throw new IOException(
          "received invalid webhook response: expected webhook response of %s, Kind=AdmissionReview, got %s, Kind=%s"
              .formatted(expected, version, review.path("kind").asText("")));
    }
    JsonNode response = review.path("response");
    if (!response.isObject()) {
      throw new IOException("webhook response was absent");
    }
    if (strict && !response.path("uid").asText("").equals(uid)) {
      throw new IOException(
          "received invalid webhook response: expected response.uid=\"%s\", got \"%s\""
              .formatted(uid, response.path("uid").asText("")));
    }
    var warnings = new ArrayList<String>();
    response.path("warnings").forEach(warning -> warnings.add(warning.asText()));
    JsonNode status = response.path("status");
    return new Verdict(
        response.path("allowed").asBoolean(),
        status.path("code").asInt(0),
        status.path("reason").asText(""),
        status.path("message").asText(""),
        patch(response, strict),
        warnings);
  }

  private @Nullable ArrayNode patch(JsonNode response, boolean strict) throws IOException {
    String encoded = response.path("patch").asText("");
    if (encoded.isEmpty()) {
      return null;
    }
    String type = response.path("patchType").asText("");
    if (!type.equals("JSONPatch") && (strict || !type.isEmpty())) {
      throw new IOException(
          "received invalid webhook response: patchType \"" + type + "\" (expected: JSONPatch)");
    }
    try {
      JsonNode patch = mapper.readTree(Base64.getDecoder().decode(encoded));
      if (patch instanceof ArrayNode operations) {
        return operations;
      }
      throw new IOException("received invalid webhook response: the patch is not an array");
    } catch (IllegalArgumentException e) {
      throw new IOException("received invalid webhook response: the patch is not base64", e);
    }
  }
}
