package heddle.proxy.upstream;

import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Stats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Asks every host of a cluster, again and again, whether it is well. Semantics: Envoy's {@code
 * health_checks} . A host is well when all checks say so.
 */
final class HealthChecks {
  private final Cluster cluster;
  private final RandomGenerator random;
  private final Map<Host, List<HealthCheckSession>> sessions = new HashMap<>();
  final Counter attempt;
  final Counter success;
  final Counter failure;
  final Counter networkFailure;
  private final Gauge healthy;

  HealthChecks(Cluster cluster, Stats stats, RandomGenerator random) {
    this.cluster = cluster;
    this.random = random;
    String p = "cluster." + cluster.config().name().replace(':', '_') + ".health_check.";
    attempt = stats.counter(p + "attempt");
    success = stats.counter(p + "success");
    failure = stats.counter(p + "failure");
    networkFailure = stats.counter(p + "network_failure");
    healthy = stats.gauge(p + "healthy");
  }

  void watch(Host host) {
    var all =
        cluster.config().healthChecks().stream()
            .map(c -> new HealthCheckSession(this, cluster, host, c, random))
            .toList();
    sessions.put(host, all);
    all.forEach(HealthCheckSession::start);
  }

  void forget(Host host) {
    var all = sessions.remove(host);
    if (all != null) {
      all.forEach(HealthCheckSession::close);
      countHealthy();
    }
  }

  /** The cluster is over. Its gauges may be those of its successor already: they stay. */
  void close() {
    sessions.values().forEach(all -> all.forEach(HealthCheckSession::close));
    sessions.clear();
  }

  private void countHealthy() {
    healthy.set(sessions.keySet().stream().filter(h -> !h.failedActiveCheck()).count());
  }

  void judge(Host host) {
    var all = sessions.get(host);
    if (all == null) {
      return;
    }
    boolean well = all.stream().allMatch(HealthCheckSession::well);
    boolean changed = host.failedActiveCheck() == well;
    host.pendingActiveCheck(!all.stream().allMatch(HealthCheckSession::judged));
    host.failedActiveCheck(!well);
    if (well) {
      cluster.healthCheckPassed(host);
    }
    countHealthy();
    if (changed) {
      cluster.healthChanged(host);
    }
    cluster.checked();
  }
}
