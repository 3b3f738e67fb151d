package heddle.xds.route;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one query parameter: its first occurrence, raw, not percent-decoded.
 *
 * @param name the parameter
 * @param condition what its value must satisfy; null when it is about presence
 * @param present whether it must be there, if there is no condition
 */
public record QueryCondition(String name, @Nullable StringCondition condition, boolean present) {

  boolean matches(Map<String, String> parameters) {
    String value = parameters.get(name);
    return condition == null
        ? (value != null) == present
        : value != null && condition.matches(value);
  }

  /** The parameters of {@code path} from {@code start} (the index of '?', or negative). */
  static Map<String, String> parse(String path, int start) {
    if (start < 0) {
      return Map.of();
    }
    int fragment = path.indexOf('#', start);
    String query = path.substring(start + 1, fragment < 0 ? path.length() : fragment);
    var parameters = new HashMap<String, String>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      parameters.putIfAbsent(key, equals < 0 ? "" : pair.substring(equals + 1));
    }
    return parameters;
  }
}
