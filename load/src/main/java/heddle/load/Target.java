package heddle.load;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * What is asked for.
 *
 * @param method in capitals
 * @param uri absolute, {@code http} or {@code https}
 * @param headers in order; a {@code Host} among them replaces the URI's
 * @param body empty for none; not copied, do not change it
 */
public record Target(String method, URI uri, List<Header> headers, byte[] body) {

  /** One header line. */
  public record Header(String name, String value) {}

  /**
   * @throws IllegalArgumentException when the URI is not one that can be asked
   */
  public Target {
    headers = List.copyOf(headers);
    String scheme = uri.getScheme();
    if (uri.getHost() == null
        || scheme == null
        || !scheme.toLowerCase(Locale.ROOT).matches("https?")) {
      throw new IllegalArgumentException(
          "target: " + uri + " (expected: http://HOST/PATH or https://HOST/PATH)");
    }
  }

  /** A GET without headers or body. */
  public static Target get(String url) {
    try {
      return new Target("GET", URI.create(url), List.of(), new byte[0]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "target: " + url + " (expected: http://HOST/PATH or https://HOST/PATH)", e);
    }
  }

  boolean secure() {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  Endpoint endpoint() {
    int port = uri.getPort();
    return new Endpoint(uri.getHost(), port >= 0 ? port : secure() ? 443 : 80, secure());
  }

  /** Path and query as they stand in the request line. */
  String requestTarget() {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }
}
