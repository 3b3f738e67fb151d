package heddle.images;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image reference, taken apart as Docker takes it apart.
 *
 * @param repository registry, path and name; Docker Hub's registry and its {@code library/} are
 *     left out, so {@code docker.io/library/busybox} is {@code busybox}
 * @param tag null when the reference has none
 * @param digest null when the reference has none
 */
record Reference(String repository, @Nullable String tag, @Nullable String digest) {
  private static final Pattern HUB = Pattern.compile("^(index\\.)?docker\\.io/(library/)?");

  static Reference parse(String text) {
    String rest = text.strip();
    String digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = rest.substring(at + 1);
      rest = rest.substring(0, at);
    }
    String tag = null;
    int colon = rest.lastIndexOf(':');
    // A colon before the last slash belongs to the registry's port.
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    return new Reference(HUB.matcher(rest).replaceFirst(""), tag, digest);
  }

  /** Repository and tag, without digest: what an entry with a tag is compared with. */
  String tagged() {
    return repository + ":" + (tag == null ? "latest" : tag);
  }
}
