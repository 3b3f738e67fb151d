package heddle.resource.appmesh;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An active health check, run by every client.
 *
 * @param path for http and http2; null otherwise
 * @param port null for the listener's
 */
public record HealthCheck(
    Protocol protocol,
    @Nullable String path,
    @Nullable Integer port,
    int healthyThreshold,
    int unhealthyThreshold,
    Duration interval,
    Duration timeout) {
  static HealthCheck of(Fields fields) {
    return new HealthCheck(
        Protocol.of(fields.text("protocol")),
        fields.nonEmpty("path"),
        fields.wholeOrNull("port"),
        fields.whole("healthyThreshold"),
        fields.whole("unhealthyThreshold"),
        Duration.ofMillis(fields.whole("intervalMillis")),
        Duration.ofMillis(fields.whole("timeoutMillis")));
  }
}
