package heddle.cluster.auth.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.AccessReviews;
import heddle.cluster.auth.ServiceAccountTokens;
import heddle.cluster.object.ApiException;
import heddle.cluster.protobuf.KubernetesProtobuf;
import heddle.cluster.server.Exchange;
import heddle.cluster.server.Subresource;
import heddle.cluster.server.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * {@code POST serviceaccounts/NAME/token} and the review kinds of authentication.k8s.io and
 * authorization.k8s.io, which are answered and never stored.
 */
public final class AuthEndpoint implements Subresource {
  private static final Map<String, String> AUTHENTICATION =
      Map.of("tokenreviews", "TokenReview", "selfsubjectreviews", "SelfSubjectReview");
  private static final Map<String, String> AUTHORIZATION =
      Map.of(
          "localsubjectaccessreviews", "LocalSubjectAccessReview",
          "selfsubjectaccessreviews", "SelfSubjectAccessReview",
          "selfsubjectrulesreviews", "SelfSubjectRulesReview",
          "subjectaccessreviews", "SubjectAccessReview");

  private final ObjectMapper mapper = new ObjectMapper();
  private final AccessReviews reviews;
  private final ServiceAccountTokens tokens;
  private final KubernetesProtobuf protobuf;

  public AuthEndpoint(
      AccessReviews reviews, ServiceAccountTokens tokens, KubernetesProtobuf protobuf) {
    this.reviews = reviews;
    this.tokens = tokens;
    this.protobuf = protobuf;
  }

  @Override
  public boolean handles(Target target) {
    return isToken(target) || !kind(target).isEmpty();
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Target target = exchange.target();
    if (!target.method().equals("POST")) {
      throw new ApiException(
          405,
          "MethodNotAllowed",
          "the server does not allow this method on the requested resource");
    }
    ObjectNode body = body(exchange);
    ObjectNode answer;
    if (isToken(target)) {
      answer = tokens.request(target.namespace(), target.name(), body);
    } else {
      body.put("kind", kind(target));
      body.put("apiVersion", target.group() + "/" + target.version());
      answer = reviews.answer(kind(target), target.namespace(), body, exchange.user());
    }
    exchange.respond(
        201, Map.of("Content-Type", List.of("application/json")), mapper.writeValueAsBytes(answer));
  }

  private static boolean isToken(Target target) {
    return target.group().isEmpty()
        && target.resource().equals("serviceaccounts")
        && target.subresource().equals("token");
  }

  private static String kind(Target target) {
    return switch (target.group()) {
      case "authentication.k8s.io" -> AUTHENTICATION.getOrDefault(target.resource(), "");
      case "authorization.k8s.io" -> AUTHORIZATION.getOrDefault(target.resource(), "");
      default -> "";
    };
  }

  private ObjectNode body(Exchange exchange) throws IOException {
    byte[] body = exchange.body();
    if (exchange.header("content-type").orElse("").startsWith(KubernetesProtobuf.MEDIA_TYPE)) {
      return protobuf.decode(body);
    }
    try {
      JsonNode tree = mapper.readTree(body);
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw ApiException.badRequest("the body of the request is not a JSON object");
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest(
          "the body of the request is not JSON: " + e.getOriginalMessage());
    }
  }
}
