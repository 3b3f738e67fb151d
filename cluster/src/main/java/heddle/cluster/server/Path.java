package heddle.cluster.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Takes request lines apart. Source: apiserver's RequestInfo. */
final class Path {

  private Path() {}

  /** The decoded segments of a raw path, without empty ones at its ends. */
  static List<String> segments(String raw) {
    List<String> segments = new ArrayList<>();
    for (String segment : raw.split("/", -1)) {
      segments.add(decode(segment.replace("+", "%2B")));
    }
    while (!segments.isEmpty() && segments.get(0).isEmpty()) {
      segments.remove(0);
    }
    while (!segments.isEmpty() && segments.get(segments.size() - 1).isEmpty()) {
      segments.remove(segments.size() - 1);
    }
    return segments;
  }

  static Map<String, List<String>> query(String raw) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        query.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
    }
    return query;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** What a path names, or empty when it is no path of a resource. */
  static Optional<Target> target(String method, String raw, Map<String, List<String>> query) {
    List<String> segments = segments(raw);
    boolean core = segments.size() > 2 && segments.get(0).equals("api");
    boolean grouped = segments.size() > 3 && segments.get(0).equals("apis");
    if (!core && !grouped) {
      return Optional.empty();
    }
    String group = core ? "" : segments.get(1);
    String version = segments.get(core ? 1 : 2);
    int used = core ? 2 : 3;
    boolean watch = segments.get(used).equals("watch") && segments.size() > used + 1;
    used += watch ? 1 : 0;
    String namespace = "";
    boolean scoped =
        segments.get(used).equals("namespaces")
            && segments.size() > used + 2
            && !(segments.size() == used + 3 && isNamespaceSubresource(segments.get(used + 2)));
    if (scoped) {
      namespace = segments.get(used + 1);
      used += 2;
    }
    String resource = segments.get(used);
    String name = at(segments, used + 1);
    String verb = verb(method, name, watch || isTrue(query, "watch"));
    return Optional.of(
        new Target(
            method,
            verb,
            group,
            version,
            namespace,
            resource,
            name,
            at(segments, used + 2),
            rest(raw, used + 3)));
  }

  private static boolean isNamespaceSubresource(String segment) {
    return segment.equals("status") || segment.equals("finalize");
  }

  private static String at(List<String> segments, int index) {
    return index < segments.size() ? segments.get(index) : "";
  }

  /** The raw path after a number of segments, with its leading slash. */
  private static String rest(String raw, int segments) {
    int position = 0;
    for (int i = 0; i < segments && position >= 0; i++) {
      position = raw.indexOf('/', position + 1);
    }
    return position < 0 ? "" : raw.substring(position);
  }

  private static boolean isTrue(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return !values.isEmpty() && (values.get(0).equals("true") || values.get(0).equals("1"));
  }

  private static String verb(String method, String name, boolean watch) {
    return switch (method.toUpperCase(Locale.ROOT)) {
      case "GET", "HEAD" -> watch ? "watch" : name.isEmpty() ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }
}
