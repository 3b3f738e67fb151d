package heddle.resource.appmesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An App Mesh object as a plain tree that may be changed. */
record PlainObject(Map<String, @Nullable Object> root) {

  /** A deep copy, with a spec even if there was none. */
  static PlainObject copyOf(Map<String, @Nullable Object> object) {
    Map<String, @Nullable Object> copy = copyMap(object);
    if (!(copy.get("spec") instanceof Map<?, ?>)) {
      copy.put("spec", new LinkedHashMap<String, @Nullable Object>());
    }
    return new PlainObject(copy);
  }

  private static Map<String, @Nullable Object> copyMap(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), copy(value)));
    return copy;
  }

  private static @Nullable Object copy(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> copyMap(map);
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.forEach(item -> items.add(copy(item)));
        yield items;
      }
      case null, default -> value;
    };
  }

  String kind() {
    return root.get("kind") instanceof String kind ? kind : "";
  }

  @SuppressWarnings("unchecked") // a copy made above: every map has string keys
  Map<String, @Nullable Object> spec() {
    return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(root.get("spec"));
  }

  private String metadata(String field) {
    return root.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get(field) instanceof String text
        ? text
        : "";
  }

  String name() {
    return metadata("name");
  }

  String namespace() {
    String namespace = metadata("namespace");
    return namespace.isEmpty() ? "default" : namespace;
  }

  /** A string of the spec; empty when absent. */
  String text(String field) {
    return spec().get(field) instanceof String text ? text : "";
  }

  String defaultAwsName() {
    return switch (kind()) {
      case "Mesh" -> name();
      case "VirtualService" -> name() + "." + namespace();
      default -> name() + "_" + namespace();
    };
  }

  @Nullable Object cloudMap() {
    return spec().get("serviceDiscovery") instanceof Map<?, ?> discovery
        ? discovery.get("awsCloudMap")
        : null;
  }
}
