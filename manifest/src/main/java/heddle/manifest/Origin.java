package heddle.manifest;

import org.jspecify.annotations.Nullable;

/** Where a node came from. {@link #toString()} is how diagnostics show it. */
public sealed interface Origin {

  /**
   * A place in a text.
   *
   * @param file the name as the user gave it
   * @param line from 1
   * @param column from 1, in Unicode code points
   */
  record File(String file, int line, int column) implements Origin {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /**
   * An object read from a Kubernetes API, which has no lines.
   *
   * @param namespace null for cluster-scoped kinds
   * @param resourceVersion the state that was read, if known
   */
  record KubernetesObject(
      String kind, @Nullable String namespace, String name, @Nullable String resourceVersion)
      implements Origin {
    @Override
    public String toString() {
      return kind.toLowerCase(java.util.Locale.ROOT)
          + "/"
          + (namespace == null ? "" : namespace + "/")
          + name;
    }
  }
}
