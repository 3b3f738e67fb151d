package heddle.proxy.http;

import heddle.proxy.upstream.Host;
import heddle.xds.route.Action;
import heddle.xds.route.RetryRule;
import java.time.Duration;

/** What each attempt changes in a request's headers. */
final class AttemptHeaders {
  private AttemptHeaders() {}

  /** Tells the host which attempt this is and how long it is waited for. */
  static void tell(
      Request request, StreamInfo info, Routed routed, Action.Forward action, int number) {
    long millis = expectedMillis(request, info, action);
    if (millis > 0) {
      request.headers().put(Names.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, Long.toString(millis));
    }
    if (routed.host().attemptCountInRequest()) {
      request.headers().put(Names.X_ENVOY_ATTEMPT_COUNT, Integer.toString(number));
    }
  }

  private static long expectedMillis(Request request, StreamInfo info, Action.Forward action) {
    long millis = Routed.timeout(action, request).toMillis();
    RetryRule rule = action.retry();
    Duration perTry = rule == null ? null : rule.perTryTimeout();
    if (perTry != null && !perTry.isZero() && (millis == 0 || perTry.toMillis() < millis)) {
      return perTry.toMillis();
    }
    return millis > 0 && info.attempts() > 1 && info.isRequestComplete()
        ? Math.max(1, millis - info.millisSinceRequest())
        : millis;
  }

  /** Envoy: {@code auto_host_rewrite}. */
  static void aimAt(Request request, Action.Forward action, Host host) {
    if (action.host() instanceof Action.HostRewrite.Endpoint
        && !host.endpoint().hostname().isEmpty()) {
      request.rewriteHost(host.endpoint().hostname(), action.appendForwardedHost());
    }
  }
}
