package heddle.xds.route;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When and how often an attempt is repeated. Envoy: {@code RetryPolicy}.
 *
 * @param on the conditions; unknown tokens were dropped
 * @param retries attempts after the first
 * @param statuses codes for {@link On#RETRIABLE_STATUS_CODES}
 * @param responseHeaders for {@link On#RETRIABLE_HEADERS}
 * @param requestHeaders when not empty, one must match or nothing is retried
 * @param perTryTimeout null or zero: none
 * @param perTryIdleTimeout null or zero: none
 * @param baseInterval back-off step
 * @param maxInterval back-off cap
 * @param resetHeaders response headers that say when to try again; the first that does, counts
 * @param maxReset what they say is ignored beyond that
 * @param avoidPreviousHosts predicate {@code previous_hosts}
 * @param reselections how often a rejected host is picked anew before the last pick is used
 */
public record RetryRule(
    Set<On> on,
    int retries,
    Set<Integer> statuses,
    List<HeaderCondition> responseHeaders,
    List<HeaderCondition> requestHeaders,
    @Nullable Duration perTryTimeout,
    @Nullable Duration perTryIdleTimeout,
    Duration baseInterval,
    Duration maxInterval,
    List<ResetHeader> resetHeaders,
    Duration maxReset,
    boolean avoidPreviousHosts,
    int reselections) {

  public RetryRule {
    on = Set.copyOf(on);
    statuses = Set.copyOf(statuses);
    responseHeaders = List.copyOf(responseHeaders);
    requestHeaders = List.copyOf(requestHeaders);
    resetHeaders = List.copyOf(resetHeaders);
  }

  /**
   * A header of {@code rate_limited_retry_back_off}.
   *
   * @param name lower case
   * @param timestamp whether it has a Unix time instead of seconds from now
   */
  public record ResetHeader(String name, boolean timestamp) {}

  /** Whether a request is eligible at all ({@code retriable_request_headers}). */
  public boolean appliesTo(RequestView request) {
    return requestHeaders.isEmpty() || requestHeaders.stream().anyMatch(h -> h.matches(request));
  }

  /** Whether a response's headers ask for a retry ({@code retriable_headers}). */
  public boolean matchesResponse(RequestView response) {
    return responseHeaders.stream().anyMatch(h -> h.matches(response));
  }

  /** Envoy's {@code retry_on} tokens. */
  public enum On {
    FIVE_XX("5xx"),
    GATEWAY_ERROR("gateway-error"),
    RESET("reset"),
    RESET_BEFORE_REQUEST("reset-before-request"),
    CONNECT_FAILURE("connect-failure"),
    REFUSED_STREAM("refused-stream"),
    RETRIABLE_4XX("retriable-4xx"),
    RETRIABLE_STATUS_CODES("retriable-status-codes"),
    RETRIABLE_HEADERS("retriable-headers"),
    ENVOY_RATELIMITED("envoy-ratelimited"),
    CANCELLED("cancelled"),
    DEADLINE_EXCEEDED("deadline-exceeded"),
    INTERNAL("internal"),
    RESOURCE_EXHAUSTED("resource-exhausted"),
    UNAVAILABLE("unavailable");

    private final String token;

    On(String token) {
      this.token = token;
    }

    /** As written in {@code retry_on}. */
    public String token() {
      return token;
    }

    static @Nullable On of(String token) {
      for (On on : values()) {
        if (on.token.equals(token)) {
          return on;
        }
      }
      return null;
    }
  }
}
