package heddle.cluster.type;

import static heddle.cluster.type.Definition.define;

import heddle.cluster.object.ResourceType;
import heddle.cluster.schema.BuiltinSchemas;
import heddle.cluster.type.Definition.Builder;
import heddle.cluster.type.Definition.Scale;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The built-in kinds: one line each, the old versions after them. */
final class BuiltinTypes {
  private static final Scale REPLICAS = new Scale("spec.replicas", "status.replicas", "");

  private final List<Served> served = new ArrayList<>();

  private final BuiltinSchemas schemas;

  private BuiltinTypes(BuiltinSchemas schemas) {
    this.schemas = schemas;
  }

  static List<Served> all(BuiltinSchemas schemas) {
    BuiltinTypes types = new BuiltinTypes(schemas);
    types.core();
    types.apps();
    types.access();
    types.extension();
    types.others();
    return List.copyOf(types.served);
  }

  private void core() {
    add(
        core("namespaces", "Namespace", false)
            .shortNames("ns")
            .status()
            .rules(new NamespaceRules())
            .verbs("create", "delete", "get", "list", "patch", "update", "watch")
            .endpoint("finalize", "", "v1", "Namespace", "update"));
    add(pods());
    add(
        core("services", "Service", true)
            .shortNames("svc")
            .inAll()
            .status()
            .rules(new ServiceRules())
            .endpoint(
                "proxy",
                "",
                "v1",
                "ServiceProxyOptions",
                "create",
                "delete",
                "get",
                "patch",
                "update"));
    add(core("endpoints", "Endpoints", true).shortNames("ep"));
    add(core("configmaps", "ConfigMap", true).shortNames("cm").rules(new ConfigMapRules()));
    add(core("secrets", "Secret", true).rules(new SecretRules()));
    add(
        core("serviceaccounts", "ServiceAccount", true)
            .shortNames("sa")
            .endpoint("token", "authentication.k8s.io", "v1", "TokenRequest", "create"));
    Definition events = core("events", "Event", true).shortNames("ev").build();
    add(events);
    alias(events, "events.k8s.io", "v1", new EventConversion(), null);
    add(
        core("nodes", "Node", false)
            .shortNames("no")
            .status()
            .endpoint(
                "proxy",
                "",
                "v1",
                "NodeProxyOptions",
                "create",
                "delete",
                "get",
                "patch",
                "update"));
  }

  private static Builder pods() {
    return core("pods", "Pod", true)
        .shortNames("po")
        .inAll()
        .status()
        .generation()
        .rules(new PodRules())
        .endpoint("attach", "", "v1", "PodAttachOptions", "create", "get")
        .endpoint("binding", "", "v1", "Binding", "create")
        .endpoint("eviction", "policy", "v1", "Eviction", "create")
        .endpoint("exec", "", "v1", "PodExecOptions", "create", "get")
        .endpoint("log", "", "v1", "Pod", "get")
        .endpoint("portforward", "", "v1", "PodPortForwardOptions", "create", "get")
        .endpoint(
            "proxy", "", "v1", "PodProxyOptions", "create", "delete", "get", "patch", "update");
  }

  private void apps() {
    Definition deployments =
        define("apps", "v1", "deployments", "Deployment", true)
            .shortNames("deploy")
            .inAll()
            .status()
            .generation()
            .scale(REPLICAS)
            .rules(new DeploymentRules())
            .build();
    Definition replicaSets =
        define("apps", "v1", "replicasets", "ReplicaSet", true)
            .shortNames("rs")
            .inAll()
            .status()
            .generation()
            .scale(REPLICAS)
            .rules(new ReplicaSetRules())
            .build();
    add(deployments);
    add(replicaSets);
    alias(deployments, "apps", "v1beta2", Conversion.NONE, "1.9,1.16");
    alias(replicaSets, "apps", "v1beta2", Conversion.NONE, "1.9,1.16");
    alias(deployments, "apps", "v1beta1", new OldDeployment(2, 600, "25%"), "1.9,1.16");
    int unlimited = Integer.MAX_VALUE;
    alias(
        deployments,
        "extensions",
        "v1beta1",
        new OldDeployment(unlimited, unlimited, 1),
        "1.9,1.16");
    alias(replicaSets, "extensions", "v1beta1", new OldSelector(), "1.9,1.16");
  }

  private void access() {
    String group = "rbac.authorization.k8s.io";
    for (Definition rbac :
        List.of(
            define(group, "v1", "roles", "Role", true).build(),
            define(group, "v1", "rolebindings", "RoleBinding", true)
                .rules(new BindingRules())
                .build(),
            define(group, "v1", "clusterroles", "ClusterRole", false).build(),
            define(group, "v1", "clusterrolebindings", "ClusterRoleBinding", false)
                .rules(new BindingRules())
                .build())) {
      add(rbac);
      alias(rbac, group, "v1beta1", Conversion.NONE, "1.17,1.22");
    }
    String authentication = "authentication.k8s.io";
    review(authentication, "tokenreviews", "TokenReview", false);
    review(authentication, "selfsubjectreviews", "SelfSubjectReview", false);
    String authorization = "authorization.k8s.io";
    review(authorization, "subjectaccessreviews", "SubjectAccessReview", false);
    review(authorization, "selfsubjectaccessreviews", "SelfSubjectAccessReview", false);
    review(authorization, "selfsubjectrulesreviews", "SelfSubjectRulesReview", false);
    review(authorization, "localsubjectaccessreviews", "LocalSubjectAccessReview", true);
  }

  private void review(String group, String plural, String kind, boolean namespaced) {
    add(define(group, "v1", plural, kind, namespaced).verbs("create"));
  }

  private void extension() {
    String group = "apiextensions.k8s.io";
    Definition crds =
        define(group, "v1", "customresourcedefinitions", "CustomResourceDefinition", false)
            .shortNames("crd", "crds")
            .categories(List.of("api-extensions"))
            .status()
            .generation()
            .rules(new CrdRules())
            .build();
    add(crds);
    alias(crds, group, "v1beta1", new OldCrd(), "1.16,1.22");
    String admission = "admissionregistration.k8s.io";
    for (String kind : List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
      String plural = kind.toLowerCase(java.util.Locale.ROOT) + "s";
      Definition webhooks =
          define(admission, "v1", plural, kind, false)
              .categories(List.of("api-extensions"))
              .generation()
              .rules(new WebhookRules())
              .build();
      add(webhooks);
      alias(webhooks, admission, "v1beta1", new OldWebhook(), "1.16,1.22");
    }
  }

  private void others() {
    Definition slices =
        define("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true)
            .generation()
            .build();
    add(slices);
    add(define("coordination.k8s.io", "v1", "leases", "Lease", true));
    add(
        define("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false)
            .shortNames("pc")
            .generation());
  }

  private static Builder core(String plural, String kind, boolean namespaced) {
    return define("", "v1", plural, kind, namespaced);
  }

  private void add(Builder builder) {
    add(builder.build());
  }

  private void add(Definition definition) {
    served.add(served(definition.type(), definition, Conversion.NONE, null, true));
  }

  /**
   * @param since the versions since which it is deprecated and gone, or null when it is current
   */
  private void alias(
      Definition definition,
      String group,
      String version,
      Conversion conversion,
      @Nullable String since) {
    ResourceType current = definition.type();
    ResourceType old =
        new ResourceType(group, version, current.plural(), current.kind(), current.namespaced());
    String warning = null;
    if (since != null) {
      String[] versions = since.split(",", -1);
      warning =
          "%s %s is deprecated in v%s+, unavailable in v%s+; use %s %s"
              .formatted(
                  old.apiVersion(),
                  old.kind(),
                  versions[0],
                  versions[1],
                  current.apiVersion(),
                  current.kind());
    }
    served.add(served(old, definition, conversion, warning, false));
  }

  /**
   * Old versions are shown in the shape of the current one: they are converted before it counts.
   */
  private Served served(
      ResourceType type,
      Definition definition,
      Conversion conversion,
      @Nullable String warning,
      boolean preferred) {
    return new Served(
        type,
        definition,
        conversion,
        warning,
        preferred,
        () -> schemas.of(definition.type()),
        List.of());
  }
}
