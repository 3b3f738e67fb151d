package heddle.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** How often each backend host answered, and how; in the order in which hosts were first seen. */
final class HostCounters {

  private record Count(long ok, long error) {
    Count plus(boolean success) {
      return success ? new Count(ok + 1, error) : new Count(ok, error + 1);
    }
  }

  private final Map<String, Count> counts = new LinkedHashMap<>();

  synchronized void add(String host, int status) {
    counts.merge(host, new Count(0, 0).plus(status == 200), (old, one) -> old.plus(status == 200));
  }

  synchronized void clear() {
    counts.clear();
  }

  /** A JSON array on one line, one object per host. */
  synchronized String json() {
    return counts.entrySet().stream()
        .map(entry -> json(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String json(String host, Count count) {
    return "{\"HostUID\":\"%s\",\"Counter\":{\"StatusOk\":%d,\"StatusError\":%d,\"Total\":%d}}"
        .formatted(escape(host), count.ok, count.error, count.ok + count.error);
  }

  private static String escape(String text) {
    var out = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }
}
