package heddle.mesh.model;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request on its way; null leaves a thing alone.
 *
 * @param matchedPath what the matched prefix or path becomes
 * @param wholePath what the whole path becomes, whatever matched
 * @param host what the Host becomes
 * @param addedHeader a header to set
 */
public record Rewrite(
    @Nullable String matchedPath,
    @Nullable String wholePath,
    @Nullable String host,
    @Nullable AddedHeader addedHeader) {

  /** A header and its value. */
  public record AddedHeader(String name, String value) {}

  public static Rewrite none() {
    return new Rewrite(null, null, null, null);
  }
}
