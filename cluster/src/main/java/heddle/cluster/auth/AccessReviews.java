package heddle.cluster.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.Authorizer.Attributes;
import heddle.cluster.auth.Authorizer.Decision;
import heddle.cluster.object.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers the kinds that are questions: they are posted, filled in and never stored. {@code kubectl
 * auth can-i} and {@code whoami}, and servers that delegate their authentication, ask them.
 */
public final class AccessReviews {
  private final RbacAuthorizer authorizer;
  private final ServiceAccountTokens tokens;

  public AccessReviews(RbacAuthorizer authorizer, ServiceAccountTokens tokens) {
    this.authorizer = authorizer;
    this.tokens = tokens;
  }

  /**
   * Fills in {@code status}.
   *
   * @param kind TokenReview, SelfSubjectReview, SubjectAccessReview, LocalSubjectAccessReview,
   *     SelfSubjectAccessReview or SelfSubjectRulesReview
   * @param namespace of the path, empty for cluster-scoped kinds
   * @param review the posted tree; changed and returned
   * @param user who asks
   */
  public ObjectNode answer(String kind, String namespace, ObjectNode review, User user) {
    review.remove("status");
    JsonNode spec = review.path("spec");
    ObjectNode status = review.putObject("status");
    switch (kind) {
      case "TokenReview" -> token(spec, status);
      case "SelfSubjectReview" -> status.set("userInfo", user.toJson());
      case "SelfSubjectAccessReview" -> access(user, spec, status);
      case "SubjectAccessReview" -> access(subject(spec), spec, status);
      case "LocalSubjectAccessReview" -> {
        sameNamespace(namespace, spec);
        access(subject(spec), spec, status);
      }
      case "SelfSubjectRulesReview" -> rules(user, spec, status);
      default -> throw new IllegalArgumentException(kind + " is not a review");
    }
    return review;
  }

  private void token(JsonNode spec, ObjectNode status) {
    String token = spec.path("token").asText("");
    if (token.isEmpty()) {
      throw ApiException.badRequest("token is required for TokenReview in authentication");
    }
    var audiences = new ArrayList<String>();
    spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
    try {
      ServiceAccountTokens.Verified verified = tokens.verify(token, audiences);
      status.put("authenticated", true);
      status.set("user", verified.user().toJson());
      verified.audiences().forEach(status.putArray("audiences")::add);
    } catch (InvalidTokenException e) {
      status.putObject("user");
      status.put("error", "[invalid bearer token, " + e.getMessage() + "]");
    }
  }

  private void access(User user, JsonNode spec, ObjectNode status) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw ApiException.badRequest(
          "spec: exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
    Attributes asked =
        path.isObject()
            ? Attributes.ofPath(text(path, "verb"), text(path, "path"))
            : new Attributes(
                text(resource, "verb"),
                text(resource, "group"),
                text(resource, "version"),
                text(resource, "resource"),
                text(resource, "subresource"),
                text(resource, "namespace"),
                text(resource, "name"),
                "");
    Decision decision = authorizer.authorize(user, asked);
    status.put("allowed", decision.allowed());
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
  }

  private void rules(User user, JsonNode spec, ObjectNode status) {
    String namespace = text(spec, "namespace");
    if (namespace.isEmpty()) {
      throw ApiException.badRequest("no namespace on request");
    }
    status.putArray("resourceRules");
    status.putArray("nonResourceRules");
    status.put("incomplete", false);
    for (Rule rule : rulesOf(user, namespace)) {
      String list = rule.forPaths() ? "nonResourceRules" : "resourceRules";
      rule.describe(status.withArray(list).addObject());
    }
  }

  private List<Rule> rulesOf(User user, String namespace) {
    var rules = new ArrayList<Rule>();
    if (user.groups().contains(User.MASTERS)) {
      rules.addAll(Rule.EVERYTHING);
    }
    rules.addAll(authorizer.rulesOf(user, namespace));
    return rules;
  }

  private static User subject(JsonNode spec) {
    String name = text(spec, "user");
    var groups = new ArrayList<String>();
    spec.path("groups").forEach(group -> groups.add(group.asText()));
    if (name.isEmpty() && groups.isEmpty()) {
      throw ApiException.badRequest("spec.user: at least one of user or group must be specified");
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (var entry : spec.path("extra").properties()) {
      var values = new ArrayList<String>();
      entry.getValue().forEach(value -> values.add(value.asText()));
      extra.put(entry.getKey(), values);
    }
    return new User(name, text(spec, "uid"), groups, extra);
  }

  private static void sameNamespace(String namespace, JsonNode spec) {
    String asked = text(spec.path("resourceAttributes"), "namespace");
    if (!asked.equals(namespace)) {
      throw ApiException.badRequest(
          "spec.resourceAttributes.namespace: \"%s\" (expected: \"%s\", the namespace of the review)"
              .formatted(asked, namespace));
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
