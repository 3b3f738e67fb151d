package heddle.proxy.http;

import java.util.ArrayDeque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * RFC 3986 normalization of a path, as Envoy's {@code normalize_path} and {@code merge_slashes}.
 */
final class PathNormalizer {
  private PathNormalizer() {}

  /** The path with its query, or null when it cannot be normalized (400). */
  static @Nullable String apply(String path, HcmConfig config) {
    int query = path.indexOf('?');
    String head = query < 0 ? path : path.substring(0, query);
    String tail = query < 0 ? "" : path.substring(query);
    if (config.normalizePath()) {
      if (head.contains("%00")) {
        return null;
      }
      head = dotSegments(unescapeUnreserved(head.replace('\\', '/')));
      if (head == null) {
        return null;
      }
    }
    if (config.mergeSlashes()) {
      // What is nothing but slashes keeps two, a first and a last one, as in Envoy.
      head = head.matches("//+") ? "//" : head.replaceAll("/{2,}", "/");
    }
    return head + tail;
  }

  /** Whether {@code %2F} or {@code %5C} occurs before the query. */
  static boolean hasEscapedSlash(String path) {
    int query = path.indexOf('?');
    String head = (query < 0 ? path : path.substring(0, query)).toUpperCase(Locale.ROOT);
    return head.contains("%2F") || head.contains("%5C");
  }

  static String unescapeSlashes(String path) {
    int query = path.indexOf('?');
    String head = query < 0 ? path : path.substring(0, query);
    return head.replaceAll("(?i)%2F", "/").replaceAll("(?i)%5C", "\\\\")
        + (query < 0 ? "" : path.substring(query));
  }

  private static String unescapeUnreserved(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    var out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%' && i + 2 < path.length()) {
        int high = Character.digit(path.charAt(i + 1), 16);
        int low = Character.digit(path.charAt(i + 2), 16);
        char decoded = (char) (high * 16 + low);
        if (high >= 0 && low >= 0 && isUnreserved(decoded)) {
          out.append(decoded);
          i += 2;
          continue;
        }
      }
      out.append(c);
    }
    return out.toString();
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static @Nullable String dotSegments(String path) {
    if (!path.startsWith("/")) {
      return null;
    }
    if (!path.contains("/.")) {
      return path;
    }
    var segments = new ArrayDeque<String>();
    String[] parts = path.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      switch (parts[i]) {
        case "." -> {
          if (last) {
            segments.addLast("");
          }
        }
        case ".." -> {
          segments.pollLast();
          if (last) {
            segments.addLast("");
          }
        }
        default -> segments.addLast(parts[i]);
      }
    }
    return "/" + String.join("/", segments);
  }
}
