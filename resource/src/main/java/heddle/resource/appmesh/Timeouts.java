package heddle.resource.appmesh;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Timeouts of a route or a listener; null where nothing is said, zero where one is switched off.
 *
 * @param perRequest from the end of the request to the end of the response; never set for tcp
 * @param idle without any byte
 */
public record Timeouts(@Nullable Duration perRequest, @Nullable Duration idle) {
  static Timeouts of(Fields fields) {
    return new Timeouts(fields.durationOrNull("perRequest"), fields.durationOrNull("idle"));
  }

  /** A listener's, which stand below the name of its protocol. */
  static @Nullable Timeouts ofListener(Fields fields, Protocol protocol) {
    return fields.objectOrNull(protocol.word(), Timeouts::of);
  }
}
