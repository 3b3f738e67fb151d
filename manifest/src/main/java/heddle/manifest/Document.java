package heddle.manifest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Kubernetes object as it was written: a mapping with {@code apiVersion}, {@code kind} and
 * {@code metadata}, none of which is checked here.
 */
public record Document(Node.Mapping root) {

  /** Wraps an object that was read from a Kubernetes API, given in the JDK's own types. */
  public static Document ofObject(Map<String, ? extends @Nullable Object> object) {
    return new Document(PlainTrees.objectTree(object));
  }

  public Origin origin() {
    return root.origin();
  }

  /** Empty when absent or not a string, as are {@link #kind}, {@link #name}, {@link #group}. */
  public String apiVersion() {
    return orEmpty(root.text("apiVersion"));
  }

  /** The part of apiVersion before the slash; empty for the core group. */
  public String group() {
    int slash = apiVersion().indexOf('/');
    return slash < 0 ? "" : apiVersion().substring(0, slash);
  }

  public String kind() {
    return orEmpty(root.text("kind"));
  }

  public String name() {
    Node.Mapping metadata = root.mapping("metadata");
    return metadata == null ? "" : orEmpty(metadata.text("name"));
  }

  /** Null when the object names none. */
  public @Nullable String namespace() {
    Node.Mapping metadata = root.mapping("metadata");
    return metadata == null ? null : metadata.text("namespace");
  }

  /** The root path for diagnostics about this object. */
  public FieldPath path() {
    return name().isEmpty() && kind().isEmpty()
        ? FieldPath.root()
        : FieldPath.of(kind(), namespace(), name());
  }

  /** The place of a field, or of the nearest thing above it that exists. */
  public Origin originOf(FieldPath path) {
    return path.locate(root).origin();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
