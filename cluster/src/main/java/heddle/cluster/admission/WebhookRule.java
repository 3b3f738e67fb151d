package heddle.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.cluster.object.ResourceType;
import java.util.LinkedHashSet;
import java.util.Set;

/** One of a webhook's {@code rules}: which operations on which resources it is called for. */
record WebhookRule(
    Set<String> operations,
    Set<String> groups,
    Set<String> versions,
    Set<String> resources,
    String scope) {
  private static final String ALL = "*";

  static WebhookRule of(JsonNode rule) {
    return new WebhookRule(
        strings(rule.path("operations")),
        strings(rule.path("apiGroups")),
        strings(rule.path("apiVersions")),
        strings(rule.path("resources")),
        rule.path("scope").asText(ALL));
  }

  boolean matches(String operation, ResourceType type, String subresource) {
    return has(operations, operation)
        && has(groups, type.group())
        && has(versions, type.version())
        && inScope(type)
        && resources.stream().anyMatch(pattern -> names(pattern, type.plural(), subresource));
  }

  // A Namespace counts as cluster-scoped, which its own ResourceType says already.
  private boolean inScope(ResourceType type) {
    return switch (scope) {
      case "Namespaced" -> type.namespaced();
      case "Cluster" -> !type.namespaced();
      default -> true;
    };
  }

  private static boolean names(String pattern, String resource, String subresource) {
    int slash = pattern.indexOf('/');
    String first = slash < 0 ? pattern : pattern.substring(0, slash);
    String second = slash < 0 ? "" : pattern.substring(slash + 1);
    return (first.equals(ALL) || first.equals(resource))
        && (second.equals(ALL) || second.equals(subresource));
  }

  private static boolean has(Set<String> values, String value) {
    return values.contains(ALL) || values.contains(value);
  }

  private static Set<String> strings(JsonNode values) {
    var set = new LinkedHashSet<String>();
    values.forEach(value -> set.add(value.asText()));
    return set;
  }
}
