package heddle.xds.route;

import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;

/** Turns Envoy's {@code RetryPolicy} into a {@link RetryRule}. */
final class RetryCompiler {
  private static final Duration BASE = Duration.ofMillis(25);
  private static final Duration MAX_RESET = Duration.ofMinutes(5);
  private static final String PREVIOUS_HOSTS = "envoy.retry_host_predicates.previous_hosts";

  private final RouteCompiler routes;

  RetryCompiler(RouteCompiler routes) {
    this.routes = routes;
  }

  RetryRule compile(RetryPolicy policy) {
    var on = EnumSet.noneOf(RetryRule.On.class);
    for (String token : policy.getRetryOn().split(",", -1)) {
      RetryRule.On condition = RetryRule.On.of(token.trim());
      if (condition != null) {
        on.add(condition);
      }
    }
    Duration base =
        policy.getRetryBackOff().hasBaseInterval()
            ? RouteCompiler.duration(policy.getRetryBackOff().getBaseInterval())
            : BASE;
    Duration max =
        policy.getRetryBackOff().hasMaxInterval()
            ? RouteCompiler.duration(policy.getRetryBackOff().getMaxInterval())
            : base.multipliedBy(10);
    if (max.compareTo(base) < 0) {
      routes.problem(
          "retry_back_off.max_interval %s is below base_interval %s".formatted(max, base));
    }
    var resets = policy.getRateLimitedRetryBackOff();
    return new RetryRule(
        on,
        policy.hasNumRetries() ? policy.getNumRetries().getValue() : 1,
        new HashSet<>(policy.getRetriableStatusCodesList()),
        policy.getRetriableHeadersList().stream().map(routes::header).toList(),
        policy.getRetriableRequestHeadersList().stream().map(routes::header).toList(),
        policy.hasPerTryTimeout() ? RouteCompiler.duration(policy.getPerTryTimeout()) : null,
        policy.hasPerTryIdleTimeout()
            ? RouteCompiler.duration(policy.getPerTryIdleTimeout())
            : null,
        base,
        max,
        resets.getResetHeadersList().stream().map(RetryCompiler::resetHeader).toList(),
        resets.hasMaxInterval() ? RouteCompiler.duration(resets.getMaxInterval()) : MAX_RESET,
        avoidsPreviousHosts(policy),
        policy.getHostSelectionRetryMaxAttempts() == 0
            ? 1
            : (int) policy.getHostSelectionRetryMaxAttempts());
  }

  private static RetryRule.ResetHeader resetHeader(RetryPolicy.ResetHeader header) {
    return new RetryRule.ResetHeader(
        header.getName().toLowerCase(Locale.ROOT),
        header.getFormat() == RetryPolicy.ResetHeaderFormat.UNIX_TIMESTAMP);
  }

  private boolean avoidsPreviousHosts(RetryPolicy policy) {
    boolean avoid = false;
    for (var predicate : policy.getRetryHostPredicateList()) {
      if (predicate.getName().equals(PREVIOUS_HOSTS)) {
        avoid = true;
      } else {
        routes.problem(
            "retry_host_predicate %s is not supported (expected: %s)"
                .formatted(predicate.getName(), PREVIOUS_HOSTS));
      }
    }
    return avoid;
  }
}
