package heddle.proxy.http;

import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.upstream.ClusterStats;
import heddle.xds.route.RetryRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pauses between the attempts of one request: as long as the failed response asked for, else
 * uniform below base, 2×base, 4×base… capped. Envoy: {@code rate_limited_retry_back_off} and {@code
 * retry_back_off}.
 */
final class BackOff {
  private final RetryRule rule;
  private final InstantSource clock;
  private final RandomGenerator random;
  private @Nullable Duration asked;
  private int pauses;

  BackOff(RetryRule rule, InstantSource clock, RandomGenerator random) {
    this.rule = rule;
    this.clock = clock;
    this.random = random;
  }

  /** Looks for what a response that will be retried says of the next attempt. */
  void heed(HeaderBlock response) {
    for (RetryRule.ResetHeader header : rule.resetHeaders()) {
      Duration wait = wait(header, response.joined(header.name()));
      if (wait != null && wait.compareTo(rule.maxReset()) <= 0) {
        asked = wait.toMillis() > 1 ? wait : null;
        return;
      }
    }
  }

  private @Nullable Duration wait(RetryRule.ResetHeader header, @Nullable String value) {
    if (value == null || value.isEmpty() || value.length() > 15) {
      return null;
    }
    if (!value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    long number = Long.parseLong(value);
    if (!header.timestamp()) {
      return Duration.ofSeconds(number);
    }
    Duration left = Duration.between(clock.instant(), Instant.ofEpochSecond(number));
    return left.isPositive() ? left : null;
  }

  /** The length of the pause that begins now. */
  long beginNanos() {
    pauses++;
    if (asked != null) {
      long least = asked.toNanos();
      return least + random.nextLong(least / 2);
    }
    long max = rule.maxInterval().toNanos();
    long interval = rule.baseInterval().toNanos();
    for (int i = 1; i < pauses && interval < max; i++) {
      interval *= 2;
    }
    interval = Math.min(interval, max);
    return interval > 0 ? random.nextLong(interval) : 0;
  }

  /** The pause is over: only now the retry counts. */
  void end(ClusterStats stats) {
    stats.upstreamRqRetry.inc();
    (asked != null
            ? stats.upstreamRqRetryBackoffRatelimited
            : stats.upstreamRqRetryBackoffExponential)
        .inc();
    asked = null;
  }
}
