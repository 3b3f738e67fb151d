package heddle.resource.schema;

import heddle.resource.schema.Schema.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes CustomResourceDefinitions ({@code apiextensions.k8s.io/v1}) with full structural schemas:
 * unknown fields are pruned or refused, never kept.
 */
public final class CrdWriter {

  /**
   * A kind to define.
   *
   * @param version one served and stored version
   * @param columns extra columns of {@code kubectl get}
   * @param status null when the kind has no status subresource
   */
  public record Definition(
      String group,
      String version,
      String kind,
      String plural,
      boolean namespaced,
      List<String> categories,
      List<Column> columns,
      Schema.Obj spec,
      boolean specRequired,
      @Nullable Obj status) {
    public Definition {
      categories = List.copyOf(categories);
      columns = List.copyOf(columns);
    }
  }

  /** A column of {@code kubectl get}. */
  public record Column(String name, String type, String description, String jsonPath) {}

  /** The definition as an object to apply, in the JDK's own types; the caller's to change. */
  public Map<String, @Nullable Object> write(Definition kind) {
    Map<String, @Nullable Object> crd = new LinkedHashMap<>();
    crd.put("apiVersion", "apiextensions.k8s.io/v1");
    crd.put("kind", "CustomResourceDefinition");
    crd.put("metadata", object("name", kind.plural() + "." + kind.group()));
    Map<String, @Nullable Object> spec = object("group", kind.group());
    spec.put("names", names(kind));
    spec.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    spec.put("versions", listOf(version(kind)));
    crd.put("spec", spec);
    return crd;
  }

  private static Map<String, @Nullable Object> names(Definition kind) {
    String singular = kind.kind().toLowerCase(java.util.Locale.ROOT);
    Map<String, @Nullable Object> names = object("categories", new ArrayList<>(kind.categories()));
    names.put("kind", kind.kind());
    names.put("listKind", kind.kind() + "List");
    names.put("plural", kind.plural());
    names.put("singular", singular);
    return names;
  }

  private static Map<String, @Nullable Object> version(Definition kind) {
    Map<String, @Nullable Object> version = object("name", kind.version());
    version.put("served", true);
    version.put("storage", true);
    List<@Nullable Object> columns = new ArrayList<>();
    for (Column column : kind.columns()) {
      Map<String, @Nullable Object> printed = object("name", column.name());
      printed.put("type", column.type());
      printed.put("description", column.description());
      printed.put("jsonPath", column.jsonPath());
      columns.add(printed);
    }
    version.put("additionalPrinterColumns", columns);
    Map<String, @Nullable Object> subresources = new LinkedHashMap<>();
    if (kind.status() != null) {
      subresources.put("status", new LinkedHashMap<String, @Nullable Object>());
    }
    version.put("subresources", subresources);
    version.put("schema", object("openAPIV3Schema", root(kind)));
    return version;
  }

  private static Map<String, @Nullable Object> root(Definition kind) {
    Map<String, @Nullable Object> properties = object("apiVersion", object("type", "string"));
    properties.put("kind", object("type", "string"));
    properties.put("metadata", object("type", "object"));
    properties.put("spec", schema(kind.spec()));
    if (kind.status() != null) {
      properties.put("status", schema(kind.status()));
    }
    Map<String, @Nullable Object> root = object("type", "object");
    root.put("properties", properties);
    if (kind.specRequired()) {
      root.put("required", listOf("spec"));
    }
    return root;
  }

  private static Map<String, @Nullable Object> schema(Schema schema) {
    return switch (schema) {
      case Schema.Obj object -> objectSchema(object);
      case Schema.Dict(Schema values) -> {
        Map<String, @Nullable Object> map = object("type", "object");
        map.put("additionalProperties", schema(values));
        yield map;
      }
      case Schema.Arr list -> {
        Map<String, @Nullable Object> map = object("type", "array");
        bound(map, "minItems", list.min(), 0);
        bound(map, "maxItems", list.max(), Integer.MAX_VALUE);
        map.put("items", schema(list.items()));
        yield map;
      }
      case Schema.Str string -> stringSchema(string);
      case Schema.Int(long min, long max) -> {
        Map<String, @Nullable Object> map = object("type", "integer");
        map.put("format", "int64");
        bound(map, "minimum", min, Long.MIN_VALUE);
        bound(map, "maximum", max, Long.MAX_VALUE);
        yield map;
      }
      case Schema.Bool ignored -> object("type", "boolean");
    };
  }

  private static Map<String, @Nullable Object> stringSchema(Schema.Str string) {
    Map<String, @Nullable Object> map = object("type", "string");
    bound(map, "minLength", string.min(), 0);
    bound(map, "maxLength", string.max(), Integer.MAX_VALUE);
    if (!string.values().isEmpty()) {
      map.put("enum", new ArrayList<>(string.values()));
    }
    if (string.pattern() != null) {
      map.put("pattern", string.pattern());
    }
    if (string.format() != null) {
      map.put("format", string.format());
    }
    return map;
  }

  private static Map<String, @Nullable Object> objectSchema(Schema.Obj object) {
    Map<String, @Nullable Object> map = object("type", "object");
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    List<@Nullable Object> required = new ArrayList<>();
    for (Schema.Property property : object.properties()) {
      Map<String, @Nullable Object> value = schema(property.schema());
      if (!property.description().isEmpty()) {
        value.put("description", property.description());
      }
      properties.put(property.name(), value);
      if (property.required()) {
        required.add(property.name());
      }
    }
    map.put("properties", properties);
    if (!required.isEmpty()) {
      map.put("required", required);
    }
    return map;
  }

  private static void bound(
      Map<String, @Nullable Object> map, String name, long value, long unbounded) {
    if (value != unbounded) {
      map.put(name, value);
    }
  }

  private static Map<String, @Nullable Object> object(String name, @Nullable Object value) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put(name, value);
    return map;
  }

  private static List<@Nullable Object> listOf(Object item) {
    List<@Nullable Object> list = new ArrayList<>();
    list.add(item);
    return list;
  }
}
