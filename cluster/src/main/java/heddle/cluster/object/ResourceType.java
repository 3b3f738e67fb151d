package heddle.cluster.object;

/**
 * Names one served resource: what a path says ({@code plural}) and what an object says ({@code
 * kind}).
 *
 * @param group API group, empty for core
 * @param version API version
 * @param plural path segment, such as {@code deployments}
 * @param kind such as {@code Deployment}
 * @param namespaced whether objects live in namespaces
 */
public record ResourceType(
    String group, String version, String plural, String kind, boolean namespaced) {

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code pods} or {@code deployments.apps}, as error messages name it. */
  public String qualifiedPlural() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
