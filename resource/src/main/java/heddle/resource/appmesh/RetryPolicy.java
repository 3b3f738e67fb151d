package heddle.resource.appmesh;

import java.time.Duration;
import java.util.List;

/**
 * An explicit retry policy.
 *
 * @param maxRetries attempts after the first
 * @param perRetryTimeout bounds every attempt, the first too
 */
public record RetryPolicy(
    int maxRetries,
    Duration perRetryTimeout,
    List<String> httpRetryEvents,
    List<String> tcpRetryEvents,
    List<String> grpcRetryEvents) {
  public RetryPolicy {
    httpRetryEvents = List.copyOf(httpRetryEvents);
    tcpRetryEvents = List.copyOf(tcpRetryEvents);
    grpcRetryEvents = List.copyOf(grpcRetryEvents);
  }

  static RetryPolicy of(Fields fields) {
    return new RetryPolicy(
        fields.whole("maxRetries"),
        fields.duration("perRetryTimeout"),
        fields.texts("httpRetryEvents"),
        fields.texts("tcpRetryEvents"),
        fields.texts("grpcRetryEvents"));
  }
}
