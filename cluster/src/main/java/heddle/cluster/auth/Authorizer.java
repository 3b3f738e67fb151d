package heddle.cluster.auth;

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
      String path) {}

  Decision authorize(User user, Attributes attributes);
}
