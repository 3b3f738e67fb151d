package heddle.cluster.auth;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The ClusterRoles and bindings that every Kubernetes cluster has from the start and manifests
 * refer to: {@code cluster-admin}, {@code admin}, {@code edit}, {@code view} and what everybody may
 * see.
 */
public final class DefaultRoles {
  private static final String READ = "get,list,watch";
  private static final String WRITE = "create,delete,deletecollection,patch,update";
  private static final String AGGREGATE = RbacTypes.GROUP + "/aggregate-to-";
  private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  private final List<ObjectNode> roles = new ArrayList<>();
  private final List<ObjectNode> bindings = new ArrayList<>();

  private DefaultRoles() {
    superuser();
    everybody();
    aggregates();
    viewers();
    editors();
    administrators();
    delegates();
  }

  /**
   * Creates those that are missing. One that exists gets back the rules or subjects it lacks,
   * unless its annotation {@code rbac.authorization.kubernetes.io/autoupdate} is {@code "false"}.
   */
  public static void ensure(Objects objects) {
    var defaults = new DefaultRoles();
    defaults.roles.forEach(role -> ensure(objects, RbacTypes.CLUSTER_ROLES, role, "rules"));
    defaults.bindings.forEach(
        binding -> ensure(objects, RbacTypes.CLUSTER_ROLE_BINDINGS, binding, "subjects"));
  }

  private static void ensure(Objects objects, ResourceType type, ObjectNode wanted, String list) {
    String name = Metadata.name(wanted);
    if (objects.get(type, null, name).isEmpty()) {
      try {
        objects.create(type, wanted);
        return;
      } catch (ApiException e) {
        if (!e.reason().equals("AlreadyExists")) {
          throw e;
        }
      }
    }
    if (wanted.has("aggregationRule")) {
      return;
    }
    objects.modify(type, null, name, found -> complete(found, wanted, list));
  }

  private static ObjectNode complete(ObjectNode found, ObjectNode wanted, String list) {
    if ("false".equals(Metadata.annotations(found).get(AUTO_UPDATE))) {
      return found;
    }
    ArrayNode present = found.withArray(list);
    var known = new ArrayList<>();
    present.forEach(known::add);
    wanted.path(list).forEach(entry -> addOnce(known.contains(entry), entry.deepCopy(), present));
    return found;
  }

  private static void addOnce(
      boolean known, com.fasterxml.jackson.databind.JsonNode entry, ArrayNode list) {
    if (!known) {
      list.add(entry);
    }
  }

  private void superuser() {
    role("cluster-admin").resources("*", "*", "*").paths("*", "*");
    bind("cluster-admin", User.MASTERS);
  }

  private void everybody() {
    role("system:discovery")
        .paths(
            "get",
            "/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/");
    bind("system:discovery", User.AUTHENTICATED);
    role("system:public-info-viewer").paths("get", "/healthz,/livez,/readyz,/version,/version/");
    bind("system:public-info-viewer", User.AUTHENTICATED, User.UNAUTHENTICATED);
    role("system:basic-user")
        .resources(
            "create", "authorization.k8s.io", "selfsubjectaccessreviews,selfsubjectrulesreviews")
        .resources("create", "authentication.k8s.io", "selfsubjectreviews");
    bind("system:basic-user", User.AUTHENTICATED);
    role("system:service-account-issuer-discovery")
        .paths("get", "/.well-known/openid-configuration,/openid/v1/jwks");
    bind("system:service-account-issuer-discovery", "system:serviceaccounts");
  }

  private void aggregates() {
    aggregate("admin", "admin");
    aggregate("edit", "edit").label("admin");
    aggregate("view", "view").label("edit");
  }

  private void viewers() {
    role("system:aggregate-to-view")
        .label("view")
        .resources(
            READ,
            "",
            "configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,"
                + "replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,"
                + "services/status,bindings,events,limitranges,namespaces,namespaces/status,"
                + "pods/log,pods/status,replicationcontrollers/status,resourcequotas,"
                + "resourcequotas/status")
        .resources(READ, "discovery.k8s.io", "endpointslices")
        .resources(
            READ,
            "apps",
            "controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,"
                + "deployments/status,replicasets,replicasets/scale,replicasets/status,"
                + "statefulsets,statefulsets/scale,statefulsets/status")
        .resources(READ, "autoscaling", "horizontalpodautoscalers,horizontalpodautoscalers/status")
        .resources(READ, "batch", "cronjobs,cronjobs/status,jobs,jobs/status")
        .resources(
            READ,
            "extensions",
            "daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,"
                + "ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,"
                + "replicasets/status")
        .resources(READ, "policy", "poddisruptionbudgets,poddisruptionbudgets/status")
        .resources(READ, "networking.k8s.io", "ingresses,ingresses/status,networkpolicies");
    role("system:aggregated-metrics-reader")
        .label("view")
        .label("edit")
        .label("admin")
        .resources(READ, "metrics.k8s.io", "pods,nodes");
  }

  private void editors() {
    role("system:aggregate-to-edit")
        .label("edit")
        .resources(
            READ, "", "pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy")
        .resources("impersonate", "", "serviceaccounts")
        .resources(
            WRITE,
            "",
            "pods,pods/attach,pods/exec,pods/portforward,pods/proxy,configmaps,events,"
                + "persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,"
                + "secrets,serviceaccounts,services,services/proxy")
        .resources("create", "", "pods/eviction,serviceaccounts/token")
        .resources(
            WRITE,
            "apps",
            "daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,"
                + "replicasets/scale,statefulsets,statefulsets/scale")
        .resources(WRITE, "autoscaling", "horizontalpodautoscalers")
        .resources(WRITE, "batch", "cronjobs,jobs")
        .resources(
            WRITE,
            "extensions",
            "daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,"
                + "networkpolicies,replicasets,replicasets/scale")
        .resources(WRITE, "policy", "poddisruptionbudgets")
        .resources(WRITE, "networking.k8s.io", "ingresses,networkpolicies")
        .resources(READ + "," + WRITE, "coordination.k8s.io", "leases");
  }

  private void administrators() {
    role("system:aggregate-to-admin")
        .label("admin")
        .resources("create", "authorization.k8s.io", "localsubjectaccessreviews")
        .resources(READ + "," + WRITE, RbacTypes.GROUP, "roles,rolebindings");
  }

  private void delegates() {
    role("system:auth-delegator")
        .resources("create", "authentication.k8s.io", "tokenreviews")
        .resources("create", "authorization.k8s.io", "subjectaccessreviews");
    role("system:monitoring")
        .paths("get", "/healthz,/healthz/*,/livez,/livez/*,/metrics,/readyz,/readyz/*");
    bind("system:monitoring", "system:monitoring");
  }

  private Builder role(String name) {
    ObjectNode role = object("ClusterRole", name);
    role.putArray("rules");
    roles.add(role);
    return new Builder(role);
  }

  private Builder aggregate(String name, String label) {
    ObjectNode role = object("ClusterRole", name);
    role.putObject("aggregationRule")
        .putArray("clusterRoleSelectors")
        .addObject()
        .putObject("matchLabels")
        .put(AGGREGATE + label, "true");
    roles.add(role);
    return new Builder(role);
  }

  private void bind(String role, String... groups) {
    ObjectNode binding = object("ClusterRoleBinding", role);
    binding
        .putObject("roleRef")
        .put("apiGroup", RbacTypes.GROUP)
        .put("kind", "ClusterRole")
        .put("name", role);
    for (String group : groups) {
      binding
          .withArray("subjects")
          .addObject()
          .put("kind", "Group")
          .put("name", group)
          .put("apiGroup", RbacTypes.GROUP);
    }
    bindings.add(binding);
  }

  private static ObjectNode object(String kind, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", RbacTypes.GROUP + "/v1").put("kind", kind);
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    metadata.putObject("annotations").put(AUTO_UPDATE, "true");
    metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    return object;
  }

  /** Adds to one role; lists are written with commas. */
  private record Builder(ObjectNode role) {
    Builder resources(String verbs, String group, String resources) {
      return rule(Map.of("verbs", verbs, "apiGroups", group, "resources", resources));
    }

    Builder paths(String verbs, String paths) {
      return rule(Map.of("verbs", verbs, "nonResourceURLs", paths));
    }

    Builder label(String aggregate) {
      role.withObject("/metadata/labels").put(AGGREGATE + aggregate, "true");
      return this;
    }

    private Builder rule(Map<String, String> fields) {
      ObjectNode rule = role.withArray("rules").addObject();
      for (String field : List.of("apiGroups", "nonResourceURLs", "resources", "verbs")) {
        if (fields.get(field) instanceof String values) {
          for (String value : values.split(",", -1)) {
            rule.withArray(field).add(value);
          }
        }
      }
      return this;
    }
  }
}
