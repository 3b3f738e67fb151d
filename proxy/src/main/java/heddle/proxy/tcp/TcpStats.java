package heddle.proxy.tcp;

import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Stats;

/** Statistics of one TCP proxy filter; names are Envoy's after {@code tcp.X.}. */
final class TcpStats {
  final Counter cxTotal;
  final Gauge cxActive;
  final Counter noRoute;
  final Counter rxBytes;
  final Counter txBytes;
  final Counter idleTimeout;
  final Counter connectAttemptsExceeded;

  TcpStats(Stats stats, String prefix) {
    String p = "tcp." + prefix + ".";
    cxTotal = stats.counter(p + "downstream_cx_total");
    cxActive = stats.gauge(p + "downstream_cx_active");
    noRoute = stats.counter(p + "downstream_cx_no_route");
    rxBytes = stats.counter(p + "downstream_cx_rx_bytes_total");
    txBytes = stats.counter(p + "downstream_cx_tx_bytes_total");
    idleTimeout = stats.counter(p + "idle_timeout");
    connectAttemptsExceeded = stats.counter(p + "upstream_cx_connect_attempts_exceeded");
  }
}
