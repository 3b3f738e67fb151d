package heddle.proxy.upstream;

import heddle.proxy.stats.Stats;

/** A cluster's circuit breakers of the default priority. Envoy: {@code circuit_breakers}. */
record Breakers(Breaker connections, Breaker pending, Breaker requests, Breaker retries) {

  static Breakers of(ClusterConfig config, Stats stats) {
    String prefix = "cluster." + config.name().replace(':', '_') + ".circuit_breakers.default.";
    var limits = config.limits();
    boolean tracked = limits.trackRemaining();
    return new Breakers(
        breaker(stats, prefix, limits.connections(), "cx_open", "remaining_cx", tracked),
        breaker(stats, prefix, limits.pending(), "rq_pending_open", "remaining_pending", tracked),
        breaker(stats, prefix, limits.requests(), "rq_open", "remaining_rq", tracked),
        breaker(stats, prefix, limits.retries(), "rq_retry_open", "remaining_retries", tracked));
  }

  private static Breaker breaker(
      Stats stats, String prefix, int limit, String open, String remaining, boolean tracked) {
    return new Breaker(
        limit, stats.gauge(prefix + open), tracked ? stats.gauge(prefix + remaining) : null);
  }
}
