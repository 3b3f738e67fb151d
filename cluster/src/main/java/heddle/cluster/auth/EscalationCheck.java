package heddle.cluster.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.Authorizer.Attributes;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps users from giving away more than they have: writing a role needs all of its rules (or the
 * verb {@code escalate} on it), writing a binding needs all rules of its role (or {@code bind}).
 */
public final class EscalationCheck {
  private final RbacAuthorizer authorizer;

  public EscalationCheck(RbacAuthorizer authorizer) {
    this.authorizer = authorizer;
  }

  /**
   * Checks a create or update; other types pass.
   *
   * @param object what is to be stored
   * @param old what is stored now, or null; unchanged rules need no permission
   * @throws ApiException 403 naming what the user lacks
   */
  public void check(User user, ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    if (!type.group().equals(RbacTypes.GROUP) || user.groups().contains(User.MASTERS)) {
      return;
    }
    switch (type.kind()) {
      case "Role", "ClusterRole" -> role(user, type, object, old);
      case "RoleBinding", "ClusterRoleBinding" -> binding(user, type, object, old);
      default -> {}
    }
  }

  private void role(User user, ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    String namespace = Metadata.namespace(object);
    boolean same =
        old != null
            && old.path("rules").equals(object.path("rules"))
            && old.path("aggregationRule").equals(object.path("aggregationRule"));
    if (same || may(user, "escalate", type.plural(), namespace, Metadata.name(object))) {
      return;
    }
    List<Rule> given = new ArrayList<>(Rule.all(object.path("rules")));
    if (object.has("aggregationRule")) {
      given.addAll(Rule.EVERYTHING);
    }
    covered(user, type, object, namespace, given);
  }

  private void binding(User user, ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    JsonNode reference = object.path("roleRef");
    boolean same =
        old != null
            && old.path("subjects").equals(object.path("subjects"))
            && old.path("roleRef").equals(reference);
    String namespace = Metadata.namespace(object);
    ResourceType roles =
        reference.path("kind").asText().equals("Role") ? RbacTypes.ROLES : RbacTypes.CLUSTER_ROLES;
    String name = reference.path("name").asText();
    if (same || may(user, "bind", roles.plural(), namespace, name)) {
      return;
    }
    covered(user, type, object, namespace, authorizer.rulesOfRole(roles, namespace, name));
  }

  private void covered(
      User user, ResourceType type, ObjectNode object, String namespace, List<Rule> given) {
    List<Rule> owned = authorizer.rulesOf(user, namespace);
    List<Rule> missing = given.stream().filter(rule -> !rule.coveredBy(owned)).toList();
    if (!missing.isEmpty()) {
      throw new ApiException(
          403,
          "Forbidden",
          "%s \"%s\" is forbidden: user \"%s\" (groups=%s) is attempting to grant RBAC permissions not currently held:\n%s"
              .formatted(
                  type.qualifiedPlural(),
                  Metadata.name(object),
                  user.name(),
                  user.groups(),
                  String.join("\n", missing.stream().map(Rule::text).toList())));
    }
  }

  private boolean may(User user, String verb, String resource, String namespace, String name) {
    return authorizer
        .authorize(
            user, new Attributes(verb, RbacTypes.GROUP, "v1", resource, "", namespace, name, ""))
        .allowed();
  }
}
