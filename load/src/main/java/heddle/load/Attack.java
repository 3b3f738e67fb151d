package heddle.load;

import java.time.Duration;
import java.util.List;

/**
 * A load to apply.
 *
 * @param targets asked in turn; at least one
 * @param duration for how long new requests are sent; zero until stopped
 * @param timeout of one request, from when it was due until its last byte; zero for none
 * @param maxConnections to one endpoint at once, further requests wait (and their wait is part of
 *     their latency); zero for no limit
 * @param maxIdle connections to one endpoint kept for later requests
 * @param keepAlive whether a connection serves more than one request
 * @param insecure whether any certificate is accepted
 */
public record Attack(
    List<Target> targets,
    Pacer pacer,
    Duration duration,
    Duration timeout,
    int maxConnections,
    int maxIdle,
    boolean keepAlive,
    boolean insecure) {

  /**
   * @throws IllegalArgumentException when a value is out of range
   */
  public Attack {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("no targets (expected: at least one)");
    }
    notNegative("duration", duration.toNanos());
    notNegative("timeout", timeout.toNanos());
    notNegative("max-connections", maxConnections);
    notNegative("connections", maxIdle);
  }

  /** Vegeta's defaults: 30 s timeout, no limit on connections, 10,000 of them kept. */
  public static Attack of(Target target, Pacer pacer, Duration duration) {
    return new Attack(
        List.of(target), pacer, duration, Duration.ofSeconds(30), 0, 10_000, true, false);
  }

  /** The same load on at most {@code connections} connections per endpoint. */
  public Attack withConnections(int connections) {
    return new Attack(
        targets, pacer, duration, timeout, connections, connections, keepAlive, insecure);
  }

  /** The same load with another timeout. */
  public Attack withTimeout(Duration other) {
    return new Attack(
        targets, pacer, duration, other, maxConnections, maxIdle, keepAlive, insecure);
  }

  long hits() {
    return duration.isZero() ? Long.MAX_VALUE : pacer.hits(duration);
  }

  private static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }
}
