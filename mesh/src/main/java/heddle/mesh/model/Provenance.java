package heddle.mesh.model;

import heddle.manifest.FieldPath;
import heddle.resource.ResourceKey;

/**
 * Which resource and field decided something. Holds nothing that changes while behaviour does not:
 * no line, no version.
 *
 * @param namespace empty for cluster-scoped kinds
 * @param field a path such as {@code spec.routes[0].httpRoute}; empty for the whole object
 */
public record Provenance(String kind, String namespace, String name, String field) {

  public static Provenance of(ResourceKey key, FieldPath path) {
    return new Provenance(key.kind(), key.namespace(), key.name(), path.toString());
  }
}
