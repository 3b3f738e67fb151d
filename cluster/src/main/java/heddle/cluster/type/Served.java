package heddle.cluster.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ResourceType;
import heddle.cluster.schema.Schema;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One version of one kind, as a path names it.
 *
 * @param type group, version and plural of the path
 * @param deprecation text of the Warning header, or null
 * @param preferred whether discovery shows its short names and categories
 * @param shape the schema of this version, made when first asked for
 * @param columns what a CustomResourceDefinition prints; empty for built-in kinds
 */
public record Served(
    ResourceType type,
    Definition definition,
    Conversion conversion,
    @Nullable String deprecation,
    boolean preferred,
    Supplier<Schema> shape,
    List<PrinterColumn> columns) {

  public Served {
    columns = List.copyOf(columns);
  }

  /** The structural schema of this version. */
  public Schema schema() {
    return shape.get();
  }

  /** The resource under which the store keeps it. */
  public String resource() {
    return definition.type().qualifiedPlural();
  }

  /** Turns a tree of this version, in place, into the storage version. */
  public ObjectNode toStorage(ObjectNode object) {
    conversion.toStorage(object);
    object.put("apiVersion", definition.type().apiVersion());
    object.put("kind", definition.type().kind());
    return object;
  }

  /** Turns a tree of the storage version, in place, into this version. */
  public ObjectNode fromStorage(ObjectNode object) {
    conversion.fromStorage(object);
    object.put("apiVersion", type.apiVersion());
    object.put("kind", type.kind());
    return object;
  }
}
