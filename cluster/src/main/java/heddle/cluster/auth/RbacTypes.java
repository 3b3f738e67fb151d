package heddle.cluster.auth;

import heddle.cluster.object.ResourceType;

/** The four types of rbac.authorization.k8s.io/v1. */
final class RbacTypes {
  static final String GROUP = "rbac.authorization.k8s.io";
  static final ResourceType ROLES = of("roles", "Role", true);
  static final ResourceType CLUSTER_ROLES = of("clusterroles", "ClusterRole", false);
  static final ResourceType ROLE_BINDINGS = of("rolebindings", "RoleBinding", true);
  static final ResourceType CLUSTER_ROLE_BINDINGS =
      of("clusterrolebindings", "ClusterRoleBinding", false);

  private RbacTypes() {}

  private static ResourceType of(String plural, String kind, boolean namespaced) {
    return new ResourceType(GROUP, "v1", plural, kind, namespaced);
  }
}
