package heddle.proxy.http;

import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Histogram;
import heddle.proxy.stats.ResponseTally;
import heddle.proxy.stats.Stats;

/** The statistics of one connection manager; field names are Envoy's after {@code http.P.}. */
final class HcmStats {
  final Counter downstreamCxTotal;
  final Gauge downstreamCxActive;
  final Counter downstreamCxHttp1Total;
  final Counter downstreamCxDestroy;
  final Counter downstreamCxDestroyRemote;
  final Counter downstreamCxDestroyLocal;
  final Counter downstreamCxDestroyActiveRq;
  final Counter downstreamCxDestroyRemoteActiveRq;
  final Counter downstreamCxIdleTimeout;
  final Counter downstreamCxDrainClose;
  final Counter downstreamCxMaxRequestsReached;
  final Counter downstreamCxProtocolError;
  final Counter downstreamCxUpgradesTotal;
  final Histogram downstreamCxLengthMs;
  final Counter downstreamRqTotal;
  final Counter downstreamRqHttp1Total;
  final Gauge downstreamRqActive;
  final ResponseTally downstreamRqResponses;
  final Histogram downstreamRqTime;
  final Counter downstreamRqTimeout;
  final Counter downstreamRqHeaderTimeout;
  final Counter downstreamRqIdleTimeout;
  final Counter downstreamRqMaxDurationReached;
  final Counter downstreamRqNonRelativePath;
  final Counter downstreamRqFailedPathNormalization;
  final Counter downstreamRqWsOnNonWsRoute;
  final Counter downstreamRqResponseBeforeRqComplete;
  final Counter downstreamRqRxReset;
  final Counter downstreamRqTxReset;
  final Counter downstreamCxDelayedCloseTimeout;
  final Counter noRoute;
  final Counter noCluster;
  final Counter rqTotal;
  final Counter downstreamRqRedirectedWithNormalizedPath;
  final Counter rqDirectResponse;
  final Counter downstreamRqTooLarge;

  HcmStats(Stats stats, String prefix) {
    String p = "http." + prefix + ".";
    downstreamCxTotal = stats.counter(p + "downstream_cx_total");
    downstreamCxActive = stats.gauge(p + "downstream_cx_active");
    downstreamCxHttp1Total = stats.counter(p + "downstream_cx_http1_total");
    downstreamCxDestroy = stats.counter(p + "downstream_cx_destroy");
    downstreamCxDestroyRemote = stats.counter(p + "downstream_cx_destroy_remote");
    downstreamCxDestroyLocal = stats.counter(p + "downstream_cx_destroy_local");
    downstreamCxDestroyActiveRq = stats.counter(p + "downstream_cx_destroy_active_rq");
    downstreamCxDestroyRemoteActiveRq = stats.counter(p + "downstream_cx_destroy_remote_active_rq");
    downstreamCxIdleTimeout = stats.counter(p + "downstream_cx_idle_timeout");
    downstreamCxDrainClose = stats.counter(p + "downstream_cx_drain_close");
    downstreamCxMaxRequestsReached = stats.counter(p + "downstream_cx_max_requests_reached");
    downstreamCxProtocolError = stats.counter(p + "downstream_cx_protocol_error");
    downstreamCxUpgradesTotal = stats.counter(p + "downstream_cx_upgrades_total");
    downstreamCxLengthMs = stats.histogram(p + "downstream_cx_length_ms");
    downstreamRqTotal = stats.counter(p + "downstream_rq_total");
    downstreamRqHttp1Total = stats.counter(p + "downstream_rq_http1_total");
    downstreamRqActive = stats.gauge(p + "downstream_rq_active");
    downstreamRqResponses = new ResponseTally(stats, p + "downstream_rq_");
    downstreamRqTime = stats.histogram(p + "downstream_rq_time");
    downstreamRqTimeout = stats.counter(p + "downstream_rq_timeout");
    downstreamRqHeaderTimeout = stats.counter(p + "downstream_rq_header_timeout");
    downstreamRqMaxDurationReached = stats.counter(p + "downstream_rq_max_duration_reached");
    downstreamRqIdleTimeout = stats.counter(p + "downstream_rq_idle_timeout");
    downstreamRqNonRelativePath = stats.counter(p + "downstream_rq_non_relative_path");
    downstreamRqFailedPathNormalization =
        stats.counter(p + "downstream_rq_failed_path_normalization");
    downstreamRqWsOnNonWsRoute = stats.counter(p + "downstream_rq_ws_on_non_ws_route");
    downstreamRqResponseBeforeRqComplete =
        stats.counter(p + "downstream_rq_response_before_rq_complete");
    downstreamRqRxReset = stats.counter(p + "downstream_rq_rx_reset");
    downstreamRqTxReset = stats.counter(p + "downstream_rq_tx_reset");
    downstreamCxDelayedCloseTimeout = stats.counter(p + "downstream_cx_delayed_close_timeout");
    noRoute = stats.counter(p + "no_route");
    noCluster = stats.counter(p + "no_cluster");
    rqTotal = stats.counter(p + "rq_total");
    stats.counter(p + "rq_redirect"); // Envoy 1.40 has it and never counts
    downstreamRqRedirectedWithNormalizedPath =
        stats.counter(p + "downstream_rq_redirected_with_normalized_path");
    rqDirectResponse = stats.counter(p + "rq_direct_response");
    downstreamRqTooLarge = stats.counter(p + "downstream_rq_too_large");
  }
}
