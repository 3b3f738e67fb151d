package heddle.differential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which statistics count: the documented families that people graph. What the embedded proxy does
 * not have, or what cannot be equal, stands here and nowhere else.
 */
final class Counters {
  private static final Pattern COMPARED =
      Pattern.compile(
          "(cluster\\.(?!ads\\.)|http\\.(?!admin\\.)|listener\\.(?!admin\\.)|tcp\\.).*");

  /** Statistics that state a present value instead of counting. */
  private static final Pattern GAUGE =
      Pattern.compile(
          ".*(_active|_open|\\.membership_(total|healthy|degraded|excluded)|remaining_\\w+"
              + "|max_host_weight|warming_clusters|active_clusters|_warming|_draining|_listeners"
              + "\\w*|connected_state|lb_subsets_active|health_check\\.healthy"
              + "|health_check\\.degraded)");

  /** Not compared, each with its reason. */
  private static final Map<Pattern, String> LEFT_OUT = new LinkedHashMap<>();

  private static void leaveOut(String names, String reason) {
    LEFT_OUT.put(Pattern.compile(names), reason);
  }

  static {
    leaveOut(
        ".*\\.(update_\\w+|version|warming_state|init_fetch_timeout|config_reload\\w*"
            + "|config_reload_time_ms)",
        "how often configuration arrived, which differs by protocol variant");
    leaveOut("http\\.\\w+\\.rds\\..*", "the same for routes");
    leaveOut("cluster\\.\\w+\\.assignment_.*", "TTLs of assignments, which Heddle never sends");
    leaveOut(
        ".*_(rx|tx)_bytes_(total|buffered)",
        "bytes of headers whose values are times differ by their digits");
    leaveOut("cluster\\.[^.]+\\.health_check\\..*", "goes on for ever; await it in a step");
    leaveOut(
        ".*\\.outlier_detection\\.ejections_(total|consecutive_5xx|success_rate)",
        "deprecated by Envoy: detected and enforced say it");
    leaveOut(
        ".*\\.circuit_breakers\\..*\\.remaining_cx_pools",
        "the number of pools has no limit: Envoy shows 2^64 less those there are");
    leaveOut("cluster\\.[^.]+\\.max_host_weight", "says nothing about traffic");
    leaveOut("cluster\\.[^.]+\\.default\\.total_match_count", "of a matcher that nobody set");
    leaveOut("listener\\..*\\.worker_\\d+\\..*", "per worker; there is one");
    leaveOut("http\\.[^.]+\\.tracing\\..*", "the embedded proxy traces nothing");
    leaveOut("cluster\\.[^.]+\\.internal\\..*", "internal requests: needs internal addresses");
  }

  private Counters() {}

  /** Whether equal traffic must give equal values. */
  static boolean compared(String name) {
    return COMPARED.matcher(name).matches()
        && LEFT_OUT.keySet().stream().noneMatch(left -> left.matcher(name).matches());
  }

  static boolean gauge(String name) {
    return GAUGE.matcher(name).matches();
  }

  /**
   * The whole name of a statistic: one that begins with a letter group of {@code cluster.c} or
   * {@code http.p} may leave that prefix out.
   */
  static String fullName(String name) {
    for (String root :
        List.of(
            "cluster.", "http.", "listener.", "tcp.", "cluster_manager.", "listener_manager.")) {
      if (name.startsWith(root)) {
        return name;
      }
    }
    boolean ofListener =
        Pattern.matches("(downstream_|no_route|no_cluster|rq_|rs_too_large).*", name);
    return (ofListener ? "http.p." : "cluster.c.") + name;
  }

  /** What changed: counters as differences, gauges as they are; nothing that is zero. */
  static Map<String, Long> deltas(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> changed = new TreeMap<>();
    after.forEach(
        (name, value) -> {
          long delta = gauge(name) ? value : value - before.getOrDefault(name, 0L);
          if (delta != 0) {
            changed.put(name, delta);
          }
        });
    return changed;
  }
}
