package heddle.mesh.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A set of hosts that requests are sent to.
 *
 * @param http2 whether HTTP/2 is spoken
 * @param outlier null for no ejections
 * @param healthCheck null for no active checks
 */
public record Upstream(
    String name,
    Discovery discovery,
    Duration connectTimeout,
    boolean http2,
    @Nullable Outlier outlier,
    @Nullable HealthProbe healthCheck,
    Limits limits,
    Provenance from) {

  /** Where the hosts come from. */
  public sealed interface Discovery {
    /** One fixed address. */
    record Fixed(String address, int port) implements Discovery {}

    /** The ready pods of a cluster. */
    record Pods(PodSource source) implements Discovery {}

    /** Whatever address a name has at the moment of a new connection. */
    record OneName(String host, int port, boolean ipv4Only) implements Discovery {}

    /** Every address of a name. */
    record EveryAddress(String host, int port, boolean ipv4Only) implements Discovery {}

    /** Where the connection was going anyway. */
    record OriginalDestination() implements Discovery {}
  }

  /**
   * When a host is ejected for its answers. One host may always be ejected.
   *
   * @param consecutiveErrors 5xx in a row
   * @param maxPercent of the hosts, 0 to 100
   */
  public record Outlier(
      int consecutiveErrors, Duration interval, Duration baseEjection, int maxPercent) {}

  /** An active check of every host. */
  public record HealthProbe(
      Kind kind,
      Duration interval,
      Duration timeout,
      int healthyThreshold,
      int unhealthyThreshold) {

    /** How. */
    public sealed interface Kind {
      /** GET; 200 is healthy. */
      record Http(String host, String path, boolean http2) implements Kind {}

      /** The gRPC health service. */
      record Grpc() implements Kind {}

      /** A connection is enough. */
      record Connect() implements Kind {}
    }
  }

  /** What is allowed at the same time; null for no limit. */
  public record Limits(
      @Nullable Integer connections, @Nullable Integer pending, @Nullable Integer requests) {
    public static Limits none() {
      return new Limits(null, null, null);
    }
  }
}
