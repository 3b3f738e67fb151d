package heddle.proxy.upstream;

import heddle.proxy.stats.CodeCounters;
import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Histogram;
import heddle.proxy.stats.Stats;

/** The statistics of one cluster; each field is the Envoy name after {@code cluster.NAME.}. */
public final class ClusterStats {
  public final Counter upstreamCxTotal;
  public final Gauge upstreamCxActive;
  public final Counter upstreamCxHttp1Total;
  public final Counter upstreamCxConnectFail;
  public final Counter upstreamCxConnectTimeout;
  public final Counter upstreamCxIdleTimeout;
  public final Counter upstreamCxOverflow;
  public final Counter upstreamCxDestroy;
  public final Counter upstreamCxDestroyLocal;
  public final Counter upstreamCxDestroyRemote;
  public final Counter upstreamCxDestroyWithActiveRq;
  public final Counter upstreamCxDestroyLocalWithActiveRq;
  public final Counter upstreamCxDestroyRemoteWithActiveRq;
  public final Counter upstreamCxCloseNotify;
  public final Counter upstreamCxMaxRequests;
  public final Counter upstreamCxNoneHealthy;
  public final Counter upstreamCxProtocolError;
  public final Counter upstreamCxRxBytes;
  public final Counter upstreamCxTxBytes;
  public final Histogram upstreamCxConnectMs;
  public final Histogram upstreamCxLengthMs;
  public final Counter upstreamRqTotal;
  public final Gauge upstreamRqActive;
  public final Counter upstreamRqPendingTotal;
  public final Gauge upstreamRqPendingActive;
  public final Counter upstreamRqPendingOverflow;
  public final Counter upstreamRqActiveOverflow;
  public final Counter upstreamRqPendingFailureEject;
  public final Counter upstreamRqCancelled;
  public final Counter upstreamRqTimeout;
  public final Counter upstreamRqPerTryTimeout;
  public final Counter upstreamRqPerTryIdleTimeout;
  public final Counter upstreamRqRetry;
  public final Counter upstreamRqRetrySuccess;
  public final Counter upstreamRqRetryOverflow;
  public final Counter upstreamRqRetryLimitExceeded;
  public final Counter upstreamRqRetryBackoffExponential;
  public final Counter upstreamRqRetryBackoffRatelimited;
  public final Counter upstreamRqMaxDurationReached;
  public final Counter upstreamRqCompleted;
  public final CodeCounters upstreamRqCodes;
  public final Counter externalCompleted;
  public final CodeCounters externalCodes;
  public final Counter retryCompleted;
  public final CodeCounters retryCodes;
  public final Histogram upstreamRqTime;
  public final Counter retryOrShadowAbandoned;
  public final Counter lbHealthyPanic;
  public final Gauge membershipTotal;
  public final Gauge membershipHealthy;
  public final Gauge membershipDegraded;
  public final Gauge membershipExcluded;
  public final Counter membershipChange;
  public final Counter updateAttempt;
  public final Counter updateSuccess;
  public final Counter updateFailure;
  public final Counter updateEmpty;
  public final Counter updateNoRebuild;

  private final Stats stats;
  private final String prefix;

  ClusterStats(Stats stats, String name) {
    String p = "cluster." + name.replace(':', '_') + ".";
    this.stats = stats;
    this.prefix = p;
    upstreamCxTotal = stats.counter(p + "upstream_cx_total");
    upstreamCxActive = stats.gauge(p + "upstream_cx_active");
    upstreamCxHttp1Total = stats.counter(p + "upstream_cx_http1_total");
    upstreamCxConnectFail = stats.counter(p + "upstream_cx_connect_fail");
    upstreamCxConnectTimeout = stats.counter(p + "upstream_cx_connect_timeout");
    upstreamCxIdleTimeout = stats.counter(p + "upstream_cx_idle_timeout");
    upstreamCxOverflow = stats.counter(p + "upstream_cx_overflow");
    upstreamCxDestroy = stats.counter(p + "upstream_cx_destroy");
    upstreamCxDestroyLocal = stats.counter(p + "upstream_cx_destroy_local");
    upstreamCxDestroyRemote = stats.counter(p + "upstream_cx_destroy_remote");
    upstreamCxDestroyWithActiveRq = stats.counter(p + "upstream_cx_destroy_with_active_rq");
    upstreamCxDestroyLocalWithActiveRq =
        stats.counter(p + "upstream_cx_destroy_local_with_active_rq");
    upstreamCxDestroyRemoteWithActiveRq =
        stats.counter(p + "upstream_cx_destroy_remote_with_active_rq");
    upstreamCxCloseNotify = stats.counter(p + "upstream_cx_close_notify");
    upstreamCxMaxRequests = stats.counter(p + "upstream_cx_max_requests");
    upstreamCxNoneHealthy = stats.counter(p + "upstream_cx_none_healthy");
    upstreamCxProtocolError = stats.counter(p + "upstream_cx_protocol_error");
    upstreamCxRxBytes = stats.counter(p + "upstream_cx_rx_bytes_total");
    upstreamCxTxBytes = stats.counter(p + "upstream_cx_tx_bytes_total");
    upstreamCxConnectMs = stats.histogram(p + "upstream_cx_connect_ms");
    upstreamCxLengthMs = stats.histogram(p + "upstream_cx_length_ms");
    upstreamRqTotal = stats.counter(p + "upstream_rq_total");
    upstreamRqActive = stats.gauge(p + "upstream_rq_active");
    upstreamRqPendingTotal = stats.counter(p + "upstream_rq_pending_total");
    upstreamRqPendingActive = stats.gauge(p + "upstream_rq_pending_active");
    upstreamRqPendingOverflow = stats.counter(p + "upstream_rq_pending_overflow");
    upstreamRqActiveOverflow = stats.counter(p + "upstream_rq_active_overflow");
    upstreamRqPendingFailureEject = stats.counter(p + "upstream_rq_pending_failure_eject");
    upstreamRqCancelled = stats.counter(p + "upstream_rq_cancelled");
    upstreamRqTimeout = stats.counter(p + "upstream_rq_timeout");
    upstreamRqPerTryTimeout = stats.counter(p + "upstream_rq_per_try_timeout");
    upstreamRqPerTryIdleTimeout = stats.counter(p + "upstream_rq_per_try_idle_timeout");
    upstreamRqRetry = stats.counter(p + "upstream_rq_retry");
    upstreamRqRetrySuccess = stats.counter(p + "upstream_rq_retry_success");
    upstreamRqRetryOverflow = stats.counter(p + "upstream_rq_retry_overflow");
    upstreamRqRetryLimitExceeded = stats.counter(p + "upstream_rq_retry_limit_exceeded");
    upstreamRqRetryBackoffRatelimited = stats.counter(p + "upstream_rq_retry_backoff_ratelimited");
    upstreamRqRetryBackoffExponential = stats.counter(p + "upstream_rq_retry_backoff_exponential");
    upstreamRqMaxDurationReached = stats.counter(p + "upstream_rq_max_duration_reached");
    upstreamRqCompleted = stats.counter(p + "upstream_rq_completed");
    upstreamRqCodes = new CodeCounters(stats, p + "upstream_rq_", true);
    externalCompleted = stats.counter(p + "external.upstream_rq_completed");
    externalCodes = new CodeCounters(stats, p + "external.upstream_rq_", true);
    retryCompleted = stats.counter(p + "retry.upstream_rq_completed");
    retryCodes = new CodeCounters(stats, p + "retry.upstream_rq_", true);
    upstreamRqTime = stats.histogram(p + "upstream_rq_time");
    retryOrShadowAbandoned = stats.counter(p + "retry_or_shadow_abandoned");
    lbHealthyPanic = stats.counter(p + "lb_healthy_panic");
    membershipTotal = stats.gauge(p + "membership_total");
    membershipHealthy = stats.gauge(p + "membership_healthy");
    membershipDegraded = stats.gauge(p + "membership_degraded");
    membershipExcluded = stats.gauge(p + "membership_excluded");
    membershipChange = stats.counter(p + "membership_change");
    updateAttempt = stats.counter(p + "update_attempt");
    updateSuccess = stats.counter(p + "update_success");
    updateFailure = stats.counter(p + "update_failure");
    updateEmpty = stats.counter(p + "update_empty");
    updateNoRebuild = stats.counter(p + "update_no_rebuild");
  }

  /** The cluster is gone: nothing of it is shown any more, whatever its last requests count. */
  void retire() {
    stats.forget(prefix);
    upstreamRqCodes.retire();
    externalCodes.retire();
    retryCodes.retire();
  }

  /** Charges the final code of one downstream request. */
  public void charge(int code) {
    upstreamRqCompleted.inc();
    upstreamRqCodes.inc(code);
    externalCompleted.inc();
    externalCodes.inc(code);
  }
}
