package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** RoleBindings and ClusterRoleBindings. */
final class BindingRules implements Rules {
  private static final String GROUP = "rbac.authorization.k8s.io";

  @Override
  public void defaults(ObjectNode binding) {
    if (binding.get("roleRef") instanceof ObjectNode role) {
      Fill.text(role, "apiGroup", GROUP);
    }
    for (JsonNode subject : binding.path("subjects")) {
      if (subject instanceof ObjectNode object
          && !object.path("kind").asText("").equals("ServiceAccount")) {
        Fill.text(object, "apiGroup", GROUP);
      }
    }
  }

  @Override
  public void validate(ObjectNode binding, @Nullable ObjectNode old, Problems problems) {
    JsonNode role = binding.path("roleRef");
    if (role.path("name").asText("").isEmpty()) {
      problems.required("roleRef.name", "");
    }
    if (old != null && !role.equals(old.path("roleRef"))) {
      problems.invalid("roleRef", role, "cannot change roleRef");
    }
  }
}
