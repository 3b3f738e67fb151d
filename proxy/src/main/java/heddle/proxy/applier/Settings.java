package heddle.proxy.applier;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import java.time.Duration;

/** Reads optional protobuf values. */
final class Settings {
  private Settings() {}

  static Duration duration(boolean set, com.google.protobuf.Duration value, Duration otherwise) {
    return set ? Duration.ofNanos(Durations.toNanos(value)) : otherwise;
  }

  static int number(boolean set, UInt32Value value, int otherwise) {
    return set ? clamp(value.getValue()) : otherwise;
  }

  /** Unsigned values beyond an int's range mean "unlimited" everywhere they occur. */
  static int clamp(int unsigned) {
    return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
  }
}
