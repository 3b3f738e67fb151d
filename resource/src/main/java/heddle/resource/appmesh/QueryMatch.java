package heddle.resource.appmesh;

import org.jspecify.annotations.Nullable;

/**
 * A condition on a query parameter.
 *
 * @param exact null when presence is enough
 */
public record QueryMatch(String name, @Nullable String exact) {
  static QueryMatch of(Fields fields) {
    Fields match = Fields.ofNullable(fields.map().mapping("match"));
    return new QueryMatch(fields.text("name"), match.textOrNull("exact"));
  }
}
