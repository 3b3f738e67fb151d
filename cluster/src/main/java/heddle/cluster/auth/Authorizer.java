package heddle.cluster.auth;

import heddle.cluster.object.ApiException;

/** Decides whether a user may do something, as RBAC has it. */
public interface Authorizer {

  /** The decision and its reason, for access reviews and 403 messages. */
  record Decision(boolean allowed, String reason) {}

  /**
   * What is asked for. For paths outside the API (such as {@code /healthz}) {@code path} is set and
   * the resource fields are empty; otherwise the other way round. Absent values are empty strings.
   */
  record Attributes(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String namespace,
      String name,
      String path) {

    /** A path outside the API. */
    public static Attributes ofPath(String verb, String path) {
      return new Attributes(verb, "", "", "", "", "", "", path);
    }

    /** {@code pods/log}, as rules name it. */
    String combinedResource() {
      return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
  }

  Decision authorize(User user, Attributes attributes);

  /**
   * Lets through or refuses.
   *
   * @throws ApiException 403 in Kubernetes' words
   */
  default void require(User user, Attributes attributes) {
    Decision decision = authorize(user, attributes);
    if (!decision.allowed()) {
      throw new ApiException(403, "Forbidden", Refusal.message(user, attributes, decision));
    }
  }
}
