package heddle.cluster.store;

/**
 * Where an object is kept.
 *
 * @param resource qualified plural, such as {@code deployments.apps}
 * @param namespace empty for cluster-scoped objects
 * @param name the object's name
 */
public record Key(String resource, String namespace, String name) implements Comparable<Key> {

  /** Orders by resource, namespace and name: the order of lists. */
  @Override
  public int compareTo(Key other) {
    int order = resource.compareTo(other.resource);
    order = order != 0 ? order : namespace.compareTo(other.namespace);
    return order != 0 ? order : name.compareTo(other.name);
  }
}
