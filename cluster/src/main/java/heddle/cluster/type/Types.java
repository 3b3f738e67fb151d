package heddle.cluster.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.ResourceType;
import heddle.cluster.schema.BuiltinSchemas;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registry of what is served now. Readers see one immutable state; CRDs replace it. */
public final class Types {
  private final BuiltinSchemas schemas = new BuiltinSchemas();
  private final List<Served> builtin;
  private volatile Map<Path, Served> served;

  private record Path(String group, String version, String plural) {}

  public Types() {
    this.builtin = BuiltinTypes.all(schemas);
    this.served = index(List.of());
  }

  /** The schemas of the built-in kinds, for OpenAPI. */
  public BuiltinSchemas schemas() {
    return schemas;
  }

  /** Finds what a path names. */
  public Optional<Served> find(String group, String version, String plural) {
    return Optional.ofNullable(served.get(new Path(group, version, plural)));
  }

  /**
   * Finds a type that the caller knows.
   *
   * @throws ApiException 404 when it is not served (any more)
   */
  public Served of(ResourceType type) {
    return find(type.group(), type.version(), type.plural())
        .orElseThrow(
            () ->
                new ApiException(
                    404, "NotFound", "the server could not find the requested resource"));
  }

  /** Everything served: built-in kinds first, in order of precedence for short names. */
  public Collection<Served> all() {
    return served.values();
  }

  /** Replaces all custom kinds by those that these CustomResourceDefinitions (v1) serve. */
  public synchronized void custom(List<ObjectNode> definitions) {
    List<Served> custom = new ArrayList<>();
    definitions.forEach(crd -> custom.addAll(CustomTypes.of(crd, schemas)));
    served = index(custom);
  }

  private Map<Path, Served> index(List<Served> custom) {
    Map<Path, Served> all = new LinkedHashMap<>();
    builtin.forEach(s -> put(all, s));
    custom.forEach(s -> put(all, s));
    return java.util.Collections.unmodifiableMap(all);
  }

  private static void put(Map<Path, Served> all, Served one) {
    ResourceType type = one.type();
    all.putIfAbsent(new Path(type.group(), type.version(), type.plural()), one);
  }
}
