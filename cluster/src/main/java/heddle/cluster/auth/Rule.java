package heddle.cluster.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.Authorizer.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One {@code PolicyRule} of a Role or ClusterRole. */
record Rule(
    Set<String> verbs,
    Set<String> groups,
    Set<String> resources,
    Set<String> names,
    Set<String> paths) {
  private static final String ALL = "*";

  /** What system:masters has without a role. */
  static final List<Rule> EVERYTHING =
      List.of(
          new Rule(Set.of(ALL), Set.of(ALL), Set.of(ALL), Set.of(), Set.of()),
          new Rule(Set.of(ALL), Set.of(), Set.of(), Set.of(), Set.of(ALL)));

  static List<Rule> all(JsonNode rules) {
    var compiled = new ArrayList<Rule>();
    rules.forEach(rule -> compiled.add(of(rule)));
    return compiled;
  }

  private static Rule of(JsonNode rule) {
    return new Rule(
        strings(rule.path("verbs")),
        strings(rule.path("apiGroups")),
        strings(rule.path("resources")),
        strings(rule.path("resourceNames")),
        strings(rule.path("nonResourceURLs")));
  }

  boolean allows(Attributes asked) {
    if (!verbs.contains(ALL) && !verbs.contains(asked.verb())) {
      return false;
    }
    return asked.path().isEmpty() ? allowsResource(asked) : allowsPath(asked.path());
  }

  private boolean allowsResource(Attributes asked) {
    return (groups.contains(ALL) || groups.contains(asked.group()))
        && (resources.contains(ALL)
            || resources.contains(asked.combinedResource())
            || (!asked.subresource().isEmpty() && resources.contains("*/" + asked.subresource())))
        && (names.isEmpty() || names.contains(asked.name()));
  }

  private boolean allowsPath(String path) {
    for (String allowed : paths) {
      if (allowed.equals(ALL)
          || allowed.equals(path)
          || (allowed.endsWith(ALL)
              && path.startsWith(allowed.substring(0, allowed.length() - 1)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether everything that this rule allows is allowed by one of {@code owned} or another. */
  boolean coveredBy(List<Rule> owned) {
    for (String verb : verbs) {
      for (String path : paths) {
        if (owned.stream().noneMatch(rule -> rule.covers(verb, path))) {
          return false;
        }
      }
      for (String group : groups) {
        for (String resource : resources) {
          for (String name : names.isEmpty() ? Set.of("") : names) {
            if (owned.stream().noneMatch(rule -> rule.covers(verb, group, resource, name))) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  private boolean covers(String verb, String path) {
    return contains(verbs, verb)
        && (paths.contains(path) || (!path.equals(ALL) && allowsPath(path)) || paths.contains(ALL));
  }

  private boolean covers(String verb, String group, String resource, String name) {
    int slash = resource.indexOf('/');
    boolean wildcard = slash > 0 && resources.contains(ALL + resource.substring(slash));
    return contains(verbs, verb)
        && contains(groups, group)
        && (contains(resources, resource) || wildcard)
        && (names.isEmpty() || names.contains(name));
  }

  private static boolean contains(Set<String> values, String value) {
    return values.contains(ALL) || values.contains(value);
  }

  /** As Kubernetes writes rules in refusals. */
  String text() {
    return forPaths()
        ? "{NonResourceURLs:%s, Verbs:%s}".formatted(paths, verbs)
        : "{APIGroups:%s, Resources:%s, %sVerbs:%s}"
            .formatted(
                groups, resources, names.isEmpty() ? "" : "ResourceNames:" + names + ", ", verbs);
  }

  boolean forPaths() {
    return !paths.isEmpty();
  }

  /** As a rules review shows it. */
  void describe(ObjectNode json) {
    put(json, "verbs", verbs);
    if (forPaths()) {
      put(json, "nonResourceURLs", paths);
    } else {
      put(json, "apiGroups", groups);
      put(json, "resources", resources);
      if (!names.isEmpty()) {
        put(json, "resourceNames", names);
      }
    }
  }

  private static void put(ObjectNode json, String field, Set<String> values) {
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
  }

  private static Set<String> strings(JsonNode values) {
    var set = new LinkedHashSet<String>();
    values.forEach(value -> set.add(value.asText()));
    return set;
  }
}
