package heddle.cluster.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Issues and checks bound service account tokens, as Kubernetes' TokenRequest API does: JSON web
 * tokens that name the account and, when bound, the pod or secret without which they are void.
 */
public final class ServiceAccountTokens {
  /** The issuer, and the audience that a token has when none is asked for. */
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  private static final List<String> API_AUDIENCES =
      List.of(ISSUER, "https://kubernetes.default.svc");
  private static final String CLAIM = "kubernetes.io";
  private static final long DEFAULT_SECONDS = 3600;
  private static final long SHORTEST_SECONDS = 600;
  private static final long LONGEST_SECONDS = 1L << 32;

  /**
   * What the API server puts into pods asks for this odd lifetime; it marks tokens that Kubernetes
   * extends to a year for clients that never read the file again
   * (`--service-account-extend-token-expiration`).
   */
  private static final long EXTENDED_MARK = 3607;

  private static final Duration EXTENDED = Duration.ofDays(365);

  private final Objects objects;
  private final Jwt jwt;
  private final InstantSource clock;

  /** A token's user and those of the asked audiences that it is for. */
  record Verified(User user, List<String> audiences) {}

  /**
   * @param keys the key that signs (elliptic curve P-256)
   */
  public ServiceAccountTokens(Objects objects, KeyPair keys, InstantSource clock) {
    this.objects = objects;
    this.jwt = new Jwt(keys);
    this.clock = clock;
  }

  /**
   * Answers {@code POST serviceaccounts/NAME/token}.
   *
   * @param request a TokenRequest; the answer is the same tree with {@code status}
   * @throws ApiException 404 when the account or the bound object does not exist, 409 when the
   *     bound object is another of that name, 422 when the request is invalid
   */
  public ObjectNode request(String namespace, String account, ObjectNode request) {
    ObjectNode found =
        objects
            .get(Kinds.SERVICE_ACCOUNTS, namespace, account)
            .orElseThrow(() -> ApiException.notFound(Kinds.SERVICE_ACCOUNTS, account));
    ObjectNode spec =
        request.get("spec") instanceof ObjectNode given ? given : request.putObject("spec");
    if (spec.path("audiences").isEmpty()) {
      spec.putArray("audiences").add(ISSUER);
    }
    long seconds = spec.path("expirationSeconds").asLong(DEFAULT_SECONDS);
    if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
      throw invalidLife(seconds);
    }
    spec.put("expirationSeconds", seconds);
    Optional<ObjectNode> bound = bound(namespace, spec.path("boundObjectRef"));

    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    boolean extended = seconds == EXTENDED_MARK && bound.isPresent();
    Instant expires = now.plus(extended ? EXTENDED : Duration.ofSeconds(seconds));
    ObjectNode claims = claims(namespace, found, spec, now, expires);
    bound.ifPresent(
        object -> name(claims(claims), spec.path("boundObjectRef").path("kind").asText(), object));
    if (extended) {
      claims(claims).put("warnafter", now.plusSeconds(seconds).getEpochSecond());
    }
    request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    Metadata.of(request).put("name", account).put("namespace", namespace);
    request
        .putObject("status")
        .put("token", jwt.sign(claims))
        .put("expirationTimestamp", now.plusSeconds(seconds).toString());
    return request;
  }

  /**
   * A token for a pod's volume, bound to the pod.
   *
   * @param audience empty for the API server
   * @param seconds lifetime; 3607 gives what Kubernetes gives for it, a token that lasts a year
   */
  public String forPod(ObjectNode pod, String audience, long seconds) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ObjectNode spec = request.putObject("spec");
    if (!audience.isEmpty()) {
      spec.putArray("audiences").add(audience);
    }
    spec.put("expirationSeconds", seconds);
    spec.putObject("boundObjectRef")
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("name", Metadata.name(pod))
        .put("uid", Metadata.uid(pod));
    String account = pod.path("spec").path("serviceAccountName").asText("default");
    return request(Metadata.namespace(pod), account, request).at("/status/token").asText();
  }

  /**
   * Who a token is.
   *
   * @param audiences one of these must be the token's; empty for the API server's own
   */
  Verified verify(String token, List<String> audiences) throws InvalidTokenException {
    JsonNode claims = jwt.verify(token);
    if (!claims.path("iss").asText().equals(ISSUER)) {
      throw new InvalidTokenException("issued by somebody else");
    }
    long now = clock.instant().getEpochSecond();
    if (now >= claims.path("exp").asLong()) {
      throw new InvalidTokenException("the token has expired");
    }
    if (now < claims.path("nbf").asLong() - 60) {
      throw new InvalidTokenException("the token is not valid yet");
    }
    var matching = new ArrayList<String>();
    List<String> asked = audiences.isEmpty() ? API_AUDIENCES : audiences;
    claims.path("aud").forEach(a -> addIf(asked.contains(a.asText()), a.asText(), matching));
    if (matching.isEmpty()) {
      throw new InvalidTokenException("the token is for another audience");
    }
    return new Verified(user(claims), matching);
  }

  private User user(JsonNode claims) throws InvalidTokenException {
    JsonNode own = claims.path(CLAIM);
    String namespace = own.path("namespace").asText();
    JsonNode account = own.path("serviceaccount");
    String name = account.path("name").asText();
    exists(Kinds.SERVICE_ACCOUNTS, namespace, account, "service account");
    var extra = new LinkedHashMap<String, List<String>>();
    extra.put(
        "authentication.kubernetes.io/credential-id",
        List.of("JTI=" + claims.path("jti").asText()));
    if (own.has("pod")) {
      exists(Kinds.PODS, namespace, own.path("pod"), "pod");
      extra.put("authentication.kubernetes.io/pod-name", List.of(own.at("/pod/name").asText()));
      extra.put("authentication.kubernetes.io/pod-uid", List.of(own.at("/pod/uid").asText()));
    }
    if (own.has("secret")) {
      exists(Kinds.SECRETS, namespace, own.path("secret"), "secret");
    }
    return new User(
        User.serviceAccountName(namespace, name),
        account.path("uid").asText(),
        List.of(
            "system:serviceaccounts", "system:serviceaccounts:" + namespace, User.AUTHENTICATED),
        extra);
  }

  private void exists(ResourceType type, String namespace, JsonNode reference, String what)
      throws InvalidTokenException {
    String name = reference.path("name").asText();
    boolean same =
        objects
            .get(type, namespace, name)
            .filter(found -> Metadata.uid(found).equals(reference.path("uid").asText()))
            .isPresent();
    if (!same) {
      throw new InvalidTokenException(
          "the token is of a " + what + " that is gone: " + namespace + "/" + name);
    }
  }

  private Optional<ObjectNode> bound(String namespace, JsonNode reference) {
    if (!reference.isObject()) {
      return Optional.empty();
    }
    ResourceType type =
        switch (reference.path("kind").asText()) {
          case "Pod" -> Kinds.PODS;
          case "Secret" -> Kinds.SECRETS;
          case String other ->
              throw ApiException.badRequest(
                  "cannot bind token for serviceaccount to object of kind \""
                      + other
                      + "\" (expected: Pod or Secret)");
        };
    String name = reference.path("name").asText();
    ObjectNode object =
        objects.get(type, namespace, name).orElseThrow(() -> ApiException.notFound(type, name));
    String uid = reference.path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(Metadata.uid(object))) {
      throw new ApiException(
          409,
          "Conflict",
          "Operation cannot be fulfilled on %s \"%s\": the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
              .formatted(type.qualifiedPlural(), name, uid));
    }
    return Optional.of(object);
  }

  private static ObjectNode claims(
      String namespace, ObjectNode account, ObjectNode spec, Instant now, Instant expires) {
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    claims.set("aud", spec.path("audiences"));
    claims
        .put("exp", expires.getEpochSecond())
        .put("iat", now.getEpochSecond())
        .put("iss", ISSUER)
        .put("jti", UUID.randomUUID().toString());
    ObjectNode own = claims.putObject(CLAIM);
    own.put("namespace", namespace);
    name(own, "ServiceAccount", account);
    claims.put("nbf", now.getEpochSecond());
    claims.put("sub", User.serviceAccountName(namespace, Metadata.name(account)));
    return claims;
  }

  private static ObjectNode claims(ObjectNode claims) {
    return claims.withObject("/" + CLAIM);
  }

  private static void name(ObjectNode claims, String kind, ObjectNode object) {
    claims
        .putObject(kind.toLowerCase(java.util.Locale.ROOT))
        .put("name", Metadata.name(object))
        .put("uid", Metadata.uid(object));
  }

  private static void addIf(boolean condition, String value, List<String> list) {
    if (condition) {
      list.add(value);
    }
  }

  private static ApiException invalidLife(long seconds) {
    String rule =
        seconds < SHORTEST_SECONDS
            ? "may not specify a duration less than 10 minutes"
            : "may not specify a duration larger than 2^32 seconds";
    String message = "Invalid value: %d: %s".formatted(seconds, rule);
    return new ApiException(
        422,
        "Invalid",
        "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: " + message,
        List.of(new ApiException.Cause("FieldValueInvalid", "spec.expirationSeconds", message)));
  }
}
