package heddle.proxy.http;

import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.upstream.Cluster;
import heddle.proxy.upstream.Host;
import heddle.proxy.upstream.Reset;
import heddle.xds.route.RequestView;
import heddle.xds.route.RetryRule;
import heddle.xds.route.RetryRule.On;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one request, whether a failed attempt is followed by another. Semantics: Envoy's
 * retry policy; see the table of conditions in its router documentation.
 */
final class RetryState {

  /** What follows a failed attempt. */
  enum Decision {
    /** Another attempt, after a pause, see {@link RetryState#backOff}. */
    RETRY,
    /** The outcome is not one that is retried. */
    NOT_RETRIABLE,
    /** It is, but none is left. */
    LIMIT_EXCEEDED,
    /** It is, but the cluster has too many retries under way. */
    OVERFLOW
  }

  private final RetryRule rule;
  private final Cluster cluster;
  private final BackOff backOff;
  private final Set<Host> tried = new HashSet<>(4);
  private int remaining;
  private boolean retried;
  private boolean holdsSlot;
  private boolean finished;

  RetryState(RetryRule rule, Cluster cluster, BackOff backOff) {
    this.rule = rule;
    this.cluster = cluster;
    this.backOff = backOff;
    this.remaining = rule.retries();
  }

  RetryRule rule() {
    return rule;
  }

  /** The pauses before attempts that were granted. */
  BackOff backOff() {
    return backOff;
  }

  /** An attempt goes to that host. */
  void trying(Host host) {
    tried.add(host);
  }

  /** Whether a host should be picked anew, if there is another. */
  boolean rejects(Host host) {
    return rule.avoidPreviousHosts() && tried.contains(host);
  }

  /** After an attempt's response headers. */
  Decision onResponse(int status, HeaderBlock response) {
    boolean retriable = retriableResponse(status, response);
    if (retriable) {
      backOff.heed(response);
    }
    return decide(retriable);
  }

  private boolean retriableResponse(int status, HeaderBlock response) {
    if (response.find(Names.X_ENVOY_RATELIMITED, 0) >= 0) {
      return rule.on().contains(On.ENVOY_RATELIMITED);
    }
    return (status >= 500 && rule.on().contains(On.FIVE_XX))
        || (status >= 502 && status <= 504 && rule.on().contains(On.GATEWAY_ERROR))
        || (status == 409 && rule.on().contains(On.RETRIABLE_4XX))
        || (rule.on().contains(On.RETRIABLE_STATUS_CODES) && rule.statuses().contains(status))
        || (rule.on().contains(On.RETRIABLE_HEADERS)
            && rule.matchesResponse(new ResponseView(response)))
        || retriableGrpc(response.first(Names.GRPC_STATUS));
  }

  private boolean retriableGrpc(@Nullable CharSequence grpcStatus) {
    if (grpcStatus == null) {
      return false;
    }
    return switch (grpcStatus.toString()) {
      case "1" -> rule.on().contains(On.CANCELLED);
      case "4" -> rule.on().contains(On.DEADLINE_EXCEEDED);
      case "8" -> rule.on().contains(On.RESOURCE_EXHAUSTED);
      case "13" -> rule.on().contains(On.INTERNAL);
      case "14" -> rule.on().contains(On.UNAVAILABLE);
      default -> false;
    };
  }

  /**
   * After an attempt that ended without response headers.
   *
   * @param started whether any attempt of the request has written a byte
   */
  Decision onReset(Reset reset, boolean started) {
    return decide(retriableReset(reset, started));
  }

  private boolean retriableReset(Reset reset, boolean started) {
    if (reset == Reset.OVERFLOW) {
      return false;
    }
    return rule.on().contains(On.FIVE_XX)
        || rule.on().contains(On.GATEWAY_ERROR)
        || rule.on().contains(On.RESET)
        || (rule.on().contains(On.RESET_BEFORE_REQUEST) && !started)
        || (rule.on().contains(On.CONNECT_FAILURE) && reset.isConnectFailure());
  }

  private Decision decide(boolean retriable) {
    var stats = cluster.stats();
    release();
    if (!retriable) {
      if (retried && !finished) {
        stats.upstreamRqRetrySuccess.inc();
      }
      finished = true;
      return Decision.NOT_RETRIABLE;
    }
    if (remaining <= 0) {
      stats.upstreamRqRetryLimitExceeded.inc();
      finished = true;
      return Decision.LIMIT_EXCEEDED;
    }
    remaining--;
    if (!cluster.retries().canCreate()) {
      stats.upstreamRqRetryOverflow.inc();
      finished = true;
      return Decision.OVERFLOW;
    }
    cluster.retries().inc();
    holdsSlot = true;
    retried = true;
    return Decision.RETRY;
  }

  /** Gives the retry's place back; the request is over or the outcome of the retry is known. */
  void release() {
    if (holdsSlot) {
      holdsSlot = false;
      cluster.retries().dec();
    }
  }

  /** A response's headers as conditions look at them. */
  private record ResponseView(HeaderBlock headers) implements RequestView {
    @Override
    public String authority() {
      return "";
    }

    @Override
    public String path() {
      return "";
    }

    @Override
    public @Nullable String header(String name) {
      return headers.joined(name);
    }
  }
}
