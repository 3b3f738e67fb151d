package heddle.proxy.applier;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.time.Duration;

/** Reads optional protobuf values. */
final class Settings {
  private Settings() {}

  static Duration duration(boolean set, com.google.protobuf.Duration value, Duration otherwise) {
    return set ? Duration.ofNanos(Durations.toNanos(value)) : otherwise;
  }

  /** Refuses discovery from anywhere but the ADS stream that this message came on. */
  static void requireAds(String field, ConfigSource source) {
    if (!source.hasAds() && !source.hasSelf()) {
      throw new IllegalArgumentException(
          "%s is %s (expected: ads or self)"
              .formatted(field, source.getConfigSourceSpecifierCase()));
    }
  }

  /**
   * How long a resource may keep its user waiting; Envoy's default is 15 s, zero means for ever.
   */
  static Duration fetchTimeout(ConfigSource source) {
    return duration(
        source.hasInitialFetchTimeout(), source.getInitialFetchTimeout(), Duration.ofSeconds(15));
  }

  /** The socket address, which must be TCP's. */
  static SocketAddress tcp(Address address) {
    SocketAddress socket = address.getSocketAddress();
    if (socket.getProtocol() != SocketAddress.Protocol.TCP) {
      throw new IllegalArgumentException(
          "address %s:%d has protocol %s (expected: TCP)"
              .formatted(socket.getAddress(), socket.getPortValue(), socket.getProtocol()));
    }
    return socket;
  }

  static int number(boolean set, UInt32Value value, int otherwise) {
    return set ? clamp(value.getValue()) : otherwise;
  }

  /** Unsigned values beyond an int's range mean "unlimited" everywhere they occur. */
  static int clamp(int unsigned) {
    return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
  }
}
