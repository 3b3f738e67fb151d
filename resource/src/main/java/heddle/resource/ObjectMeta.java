package heddle.resource;

import heddle.manifest.Document;
import heddle.manifest.Node;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of an object's metadata that behaviour depends on.
 *
 * @param namespace empty for cluster-scoped kinds
 * @param uid null when the object has not been in a cluster
 * @param deleting whether deletion has begun
 */
public record ObjectMeta(
    String namespace,
    String name,
    @Nullable String uid,
    Map<String, String> labels,
    Map<String, String> annotations,
    boolean deleting) {

  public ObjectMeta {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  /**
   * Reads an object's metadata.
   *
   * @param namespaced whether the kind is; an absent namespace then means {@code default}
   */
  public static ObjectMeta of(Document document, boolean namespaced) {
    Node.Mapping metadata = document.root().mapping("metadata");
    String namespace = document.namespace();
    return new ObjectMeta(
        !namespaced ? "" : namespace == null || namespace.isEmpty() ? "default" : namespace,
        document.name(),
        metadata == null ? null : metadata.text("uid"),
        strings(metadata, "labels"),
        strings(metadata, "annotations"),
        metadata != null && metadata.present("deletionTimestamp") != null);
  }

  static Map<String, String> strings(Node.@Nullable Mapping owner, String field) {
    Map<String, String> strings = new LinkedHashMap<>();
    Node.Mapping map = owner == null ? null : owner.mapping(field);
    if (map != null) {
      for (Node.Entry entry : map.entries()) {
        if (entry.value() instanceof Node.Text text) {
          strings.put(entry.key(), text.value());
        }
      }
    }
    return strings;
  }
}
