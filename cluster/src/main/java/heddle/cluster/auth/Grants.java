package heddle.cluster.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.LabelSelector;
import heddle.cluster.object.Metadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All bindings at one moment, ordered by whom they are for, so that a decision looks up, not scans.
 */
final class Grants {
  private final Map<Subject, List<Grant>> cluster = new HashMap<>();
  private final Map<String, Map<Subject, List<Grant>>> namespaces = new HashMap<>();

  private record Subject(String kind, String name) {}

  /** What one binding gives: the rules of a role, and where they come from. */
  record Grant(String origin, List<Rule> rules) {}

  static Grants of(
      Collection<ObjectNode> roles,
      Collection<ObjectNode> clusterRoles,
      Collection<ObjectNode> roleBindings,
      Collection<ObjectNode> clusterRoleBindings) {
    var grants = new Grants();
    Map<Key, List<Rule>> rules = new HashMap<>();
    roles.forEach(role -> rules.put(Key.of(role), Rule.all(role.path("rules"))));
    clusterRoles.forEach(role -> rules.put(Key.of(role), rulesOf(role, clusterRoles)));
    roleBindings.forEach(binding -> grants.add(binding, rules));
    clusterRoleBindings.forEach(binding -> grants.add(binding, rules));
    return grants;
  }

  /** The grants of a user: those for all namespaces, then those for this one. */
  List<Grant> of(User user, String namespace) {
    var found = new ArrayList<Grant>();
    collect(cluster, user, found);
    if (!namespace.isEmpty()) {
      collect(namespaces.getOrDefault(namespace, Map.of()), user, found);
    }
    return found;
  }

  /** A ClusterRole's rules: its own, or those of the roles that its aggregationRule selects. */
  static List<Rule> rulesOf(ObjectNode role, Collection<ObjectNode> clusterRoles) {
    JsonNode selectors = role.path("aggregationRule").path("clusterRoleSelectors");
    if (selectors.isEmpty()) {
      return Rule.all(role.path("rules"));
    }
    var rules = new ArrayList<Rule>();
    for (ObjectNode other : aggregated(role, clusterRoles)) {
      rules.addAll(rulesOf(other, clusterRoles));
    }
    return rules;
  }

  /**
   * The other roles that an aggregationRule selects, by name. One that aggregates back is left out.
   */
  static List<ObjectNode> aggregated(ObjectNode role, Collection<ObjectNode> clusterRoles) {
    var selectors = new ArrayList<LabelSelector>();
    role.path("aggregationRule")
        .path("clusterRoleSelectors")
        .forEach(selector -> selectors.add(LabelSelector.of(selector)));
    return clusterRoles.stream()
        .filter(other -> !Metadata.name(other).equals(Metadata.name(role)))
        .filter(other -> matches(selectors, other))
        .filter(other -> !selects(other, role))
        .sorted(java.util.Comparator.comparing(Metadata::name))
        .toList();
  }

  private static boolean selects(ObjectNode role, ObjectNode other) {
    var selectors = new ArrayList<LabelSelector>();
    role.path("aggregationRule")
        .path("clusterRoleSelectors")
        .forEach(selector -> selectors.add(LabelSelector.of(selector)));
    return matches(selectors, other);
  }

  private static boolean matches(List<LabelSelector> selectors, ObjectNode role) {
    Map<String, String> labels = Metadata.labels(role);
    return selectors.stream().anyMatch(selector -> selector.matches(labels));
  }

  private void add(ObjectNode binding, Map<Key, List<Rule>> rules) {
    String namespace = Metadata.namespace(binding);
    String kind = binding.path("roleRef").path("kind").asText();
    String role = binding.path("roleRef").path("name").asText();
    Key key = new Key(kind.equals("Role") ? namespace : "", role);
    List<Rule> given = rules.get(key);
    if (given == null) {
      return;
    }
    Map<Subject, List<Grant>> target =
        namespace.isEmpty() ? cluster : namespaces.computeIfAbsent(namespace, n -> new HashMap<>());
    for (JsonNode subject : binding.path("subjects")) {
      Subject key2 = subject(subject, namespace);
      String origin = origin(binding, namespace, kind, role, subject);
      target.computeIfAbsent(key2, k -> new ArrayList<>()).add(new Grant(origin, given));
    }
  }

  private static Subject subject(JsonNode subject, String namespace) {
    String name = subject.path("name").asText();
    if (subject.path("kind").asText().equals("ServiceAccount")) {
      String home = subject.path("namespace").asText(namespace);
      return new Subject("User", User.serviceAccountName(home, name));
    }
    return new Subject(subject.path("kind").asText(), name);
  }

  private static String origin(
      ObjectNode binding, String namespace, String kind, String role, JsonNode subject) {
    String name = Metadata.name(binding);
    return "RBAC: allowed by %s of %s \"%s\" to %s \"%s\""
        .formatted(
            namespace.isEmpty()
                ? "ClusterRoleBinding \"" + name + "\""
                : "RoleBinding \"" + name + "/" + namespace + "\"",
            kind,
            role,
            subject.path("kind").asText(),
            subject.path("name").asText());
  }

  private static void collect(Map<Subject, List<Grant>> from, User user, List<Grant> into) {
    into.addAll(from.getOrDefault(new Subject("User", user.name()), List.of()));
    for (String group : user.groups()) {
      into.addAll(from.getOrDefault(new Subject("Group", group), List.of()));
    }
  }
}
