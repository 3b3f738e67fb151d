package heddle.resource;

/**
 * Which object: kinds are unique within Heddle, so the API group is left out.
 *
 * @param namespace empty for cluster-scoped kinds
 */
public record ResourceKey(String kind, String namespace, String name) {

  /** {@code VirtualNode default/front}, or {@code Mesh shop}. */
  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
