package heddle.proxy.tcp;

import heddle.proxy.accesslog.LogFormat;
import java.time.Duration;
import java.util.List;

/**
 * Envoy: {@code TcpProxy}.
 *
 * @param shares clusters by weight; one share for a single cluster
 * @param idleTimeout zero: none
 * @param maxConnectAttempts at least 1
 */
public record TcpProxyConfig(
    String statPrefix,
    List<Share> shares,
    Duration idleTimeout,
    int maxConnectAttempts,
    List<LogFormat> accessLogs) {

  public TcpProxyConfig {
    shares = List.copyOf(shares);
    accessLogs = List.copyOf(accessLogs);
  }

  /** A cluster's part of the connections. */
  public record Share(String cluster, long weight) {}
}
