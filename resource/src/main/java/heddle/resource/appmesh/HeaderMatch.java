package heddle.resource.appmesh;

import org.jspecify.annotations.Nullable;

/**
 * A condition on a header, or on gRPC metadata.
 *
 * @param match null when presence is enough
 * @param invert whether the condition is negated
 */
public record HeaderMatch(String name, @Nullable ValueMatch match, boolean invert) {
  static HeaderMatch of(Fields fields) {
    return new HeaderMatch(
        fields.text("name"),
        fields.objectOrNull("match", ValueMatch::of),
        fields.truth("invert", false));
  }
}
