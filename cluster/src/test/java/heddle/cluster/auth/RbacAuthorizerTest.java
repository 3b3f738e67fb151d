package heddle.cluster.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heddle.cluster.auth.Authorizer.Attributes;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.MemoryObjects;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RbacAuthorizerTest {
  private final MemoryObjects objects = new MemoryObjects();
  private final RbacAuthorizer rbac = RbacAuthorizer.start(objects);

  @AfterEach
  void close() {
    rbac.close();
  }

  private static User user(String name, String... groups) {
    return new User(name, "", List.of(groups), Map.of());
  }

  private boolean may(User user, String verb, String group, String resource, String ns, String n) {
    String[] parts = resource.split("/");
    String subresource = parts.length > 1 ? parts[1] : "";
    return rbac.authorize(user, new Attributes(verb, group, "v1", parts[0], subresource, ns, n, ""))
        .allowed();
  }

  private void role(String namespace, String name, String rules) {
    if (namespace.isEmpty()) {
      objects.create(
          RbacTypes.CLUSTER_ROLES, Json.of("{metadata:{name:'" + name + "'},rules:" + rules + "}"));
    } else {
      objects.create(
          RbacTypes.ROLES,
          Json.of(
              "{metadata:{name:'%s',namespace:'%s'},rules:%s}".formatted(name, namespace, rules)));
    }
  }

  private void bind(String namespace, String role, String subject) {
    String kind = role.substring(0, role.indexOf('/'));
    String name = role.substring(role.indexOf('/') + 1);
    objects.create(
        namespace.isEmpty() ? RbacTypes.CLUSTER_ROLE_BINDINGS : RbacTypes.ROLE_BINDINGS,
        Json.of(
            "{metadata:{name:'b-%s',namespace:'%s'},roleRef:{kind:'%s',name:'%s'},subjects:[%s]}"
                .formatted(name, namespace, kind, name, subject)));
  }

  @Nested
  class ABindingInANamespace {
    @Test
    void givesARoleThereAndNowhereElse() {
      role("a", "reader", "[{apiGroups:[''],resources:['pods'],verbs:['get','list']}]");
      bind("a", "Role/reader", "{kind:'User',name:'u'}");

      assertThat(may(user("u"), "get", "", "pods", "a", "p")).isTrue();
      assertThat(may(user("u"), "get", "", "pods", "b", "p")).isFalse();
      assertThat(may(user("u"), "list", "", "pods", "", "")).isFalse();
      assertThat(may(user("u"), "delete", "", "pods", "a", "p")).isFalse();
      assertThat(may(user("u"), "get", "apps", "pods", "a", "p")).isFalse();
      assertThat(may(user("v"), "get", "", "pods", "a", "p")).isFalse();
    }

    @Test
    void givesAClusterRoleThereOnly() {
      role("", "reader", "[{apiGroups:['*'],resources:['*'],verbs:['*']}]");
      bind("a", "ClusterRole/reader", "{kind:'Group',name:'dev'}");

      assertThat(may(user("u", "dev"), "patch", "apps", "deployments", "a", "d")).isTrue();
      assertThat(may(user("u", "dev"), "patch", "apps", "deployments", "b", "d")).isFalse();
      assertThat(may(user("u", "dev"), "get", "", "nodes", "", "n")).isFalse();
    }

    @Test
    void namesServiceAccountsOfItsOwnNamespaceByDefault() {
      role("a", "reader", "[{apiGroups:[''],resources:['pods'],verbs:['get']}]");
      bind("a", "Role/reader", "{kind:'ServiceAccount',name:'x'}");

      assertThat(may(user("system:serviceaccount:a:x"), "get", "", "pods", "a", "p")).isTrue();
      assertThat(may(user("system:serviceaccount:b:x"), "get", "", "pods", "a", "p")).isFalse();
    }

    @Test
    void losesItsEffectWhenDeleted() {
      role("a", "reader", "[{apiGroups:[''],resources:['pods'],verbs:['get']}]");
      bind("a", "Role/reader", "{kind:'User',name:'u'}");
      assertThat(may(user("u"), "get", "", "pods", "a", "p")).isTrue();

      objects.delete(RbacTypes.ROLE_BINDINGS, "a", "b-reader", DeleteOptions.background());

      assertThat(may(user("u"), "get", "", "pods", "a", "p")).isFalse();
    }
  }

  @Nested
  class ARule {
    @Test
    void keepsSubresourcesApart() {
      role("", "r", "[{apiGroups:[''],resources:['pods','*/scale'],verbs:['get']}]");
      bind("", "ClusterRole/r", "{kind:'User',name:'u'}");

      assertThat(may(user("u"), "get", "", "pods", "a", "p")).isTrue();
      assertThat(may(user("u"), "get", "", "pods/log", "a", "p")).isFalse();
      assertThat(may(user("u"), "get", "", "replicationcontrollers/scale", "a", "p")).isTrue();
    }

    @Test
    void withResourceNamesAllowsNeitherCreateNorAnythingWithoutAName() {
      role("", "r", "[{apiGroups:[''],resources:['configmaps'],resourceNames:['x'],verbs:['*']}]");
      bind("", "ClusterRole/r", "{kind:'User',name:'u'}");

      assertThat(may(user("u"), "update", "", "configmaps", "a", "x")).isTrue();
      assertThat(may(user("u"), "update", "", "configmaps", "a", "y")).isFalse();
      assertThat(may(user("u"), "create", "", "configmaps", "a", "")).isFalse();
    }

    @Test
    void forPathsMatchesExactlyOrByPrefix() {
      role("", "r", "[{nonResourceURLs:['/healthz','/debug/*'],verbs:['get']}]");
      bind("", "ClusterRole/r", "{kind:'User',name:'u'}");

      assertThat(path("/healthz")).isTrue();
      assertThat(path("/healthz/etcd")).isFalse();
      assertThat(path("/debug/pprof/heap")).isTrue();
      assertThat(path("/metrics")).isFalse();
    }

    private boolean path(String path) {
      return rbac.authorize(user("u"), Attributes.ofPath("get", path)).allowed();
    }
  }

  @Test
  void mastersMayDoEverythingWithoutARole() {
    assertThat(may(user("root", "system:masters"), "delete", "x.io", "anything", "a", "b"))
        .isTrue();
  }

  @Test
  void aRoleThatAggregatesTakesTheRulesOfThoseItSelectsAndOfNewOnes() {
    DefaultRoles.ensure(objects);
    bind("a", "ClusterRole/admin", "{kind:'User',name:'u'}");
    assertThat(may(user("u"), "get", "", "pods", "a", "p")).isTrue();
    assertThat(may(user("u"), "create", "", "pods/exec", "a", "p")).isTrue();
    assertThat(may(user("u"), "create", RbacTypes.GROUP, "roles", "a", "p")).isTrue();
    assertThat(may(user("u"), "get", "mesh.example", "meshes", "a", "p")).isFalse();

    objects.create(
        RbacTypes.CLUSTER_ROLES,
        Json.of(
            """
            {metadata:{name:'mesh-view',labels:
              {'rbac.authorization.k8s.io/aggregate-to-view':'true'}},
             rules:[{apiGroups:['mesh.example'],resources:['meshes'],verbs:['get']}]}
            """));

    assertThat(may(user("u"), "get", "mesh.example", "meshes", "a", "p")).isTrue();
  }

  @Test
  void rolesThatAggregateEachOtherEndInNoLoop() {
    for (String name : List.of("x", "y")) {
      objects.create(
          RbacTypes.CLUSTER_ROLES,
          Json.of(
              """
              {metadata:{name:'%s',labels:{loop:'1'}},
               aggregationRule:{clusterRoleSelectors:[{matchLabels:{loop:'1'}}]}}
              """
                  .formatted(name)));
    }
    assertThat(may(user("u"), "get", "", "pods", "a", "p")).isFalse();
  }

  @Test
  void everybodyMaySeeVersionAndOnlyUsersMayDiscover() {
    DefaultRoles.ensure(objects);
    DefaultRoles.ensure(objects);
    User anonymous = User.anonymous();
    User known = user("u", User.AUTHENTICATED);

    assertThat(rbac.authorize(anonymous, Attributes.ofPath("get", "/version")).allowed()).isTrue();
    assertThat(rbac.authorize(anonymous, Attributes.ofPath("get", "/apis")).allowed()).isFalse();
    assertThat(rbac.authorize(known, Attributes.ofPath("get", "/apis/apps/v1")).allowed()).isTrue();
    assertThat(may(known, "create", "authorization.k8s.io", "selfsubjectaccessreviews", "", ""))
        .isTrue();
  }

  @Test
  void saysWhichBindingDecidedAndWhatIsMissing() {
    role("", "r", "[{apiGroups:['apps'],resources:['deployments'],verbs:['get']}]");
    bind("", "ClusterRole/r", "{kind:'User',name:'u'}");
    Attributes get = new Attributes("get", "apps", "v1", "deployments", "", "n", "d", "");
    Attributes scale = new Attributes("patch", "apps", "v1", "deployments", "scale", "n", "d", "");

    assertThat(rbac.authorize(user("u"), get).reason())
        .isEqualTo(
            "RBAC: allowed by ClusterRoleBinding \"b-r\" of ClusterRole \"r\" to User \"u\"");
    assertThatThrownBy(() -> rbac.require(user("u"), scale))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
        .hasMessage(
            "deployments.apps \"d\" is forbidden: User \"u\" cannot patch resource"
                + " \"deployments/scale\" in API group \"apps\" in the namespace \"n\"");
    assertThatThrownBy(
            () ->
                rbac.require(user("u"), new Attributes("list", "", "v1", "nodes", "", "", "", "")))
        .hasMessage(
            "nodes is forbidden: User \"u\" cannot list resource \"nodes\" in API group \"\" at"
                + " the cluster scope");
    assertThatThrownBy(() -> rbac.require(user("u"), Attributes.ofPath("get", "/metrics")))
        .hasMessage("forbidden: User \"u\" cannot get path \"/metrics\"");
  }

  @Nested
  class Escalation {
    private final EscalationCheck check = new EscalationCheck(rbac);

    private void write(String rules) {
      check.check(
          user("u"),
          RbacTypes.ROLES,
          Json.of("{metadata:{name:'new',namespace:'a'},rules:" + rules + "}"),
          null);
    }

    @Test
    void refusesRulesThatTheWriterLacksAndAllowsThoseHeld() {
      role("a", "own", "[{apiGroups:[''],resources:['pods'],verbs:['get','list']}]");
      bind("a", "Role/own", "{kind:'User',name:'u'}");

      write("[{apiGroups:[''],resources:['pods'],verbs:['get']}]");
      assertThatThrownBy(
              () -> write("[{apiGroups:[''],resources:['pods'],verbs:['get','delete']}]"))
          .hasMessageContaining("is attempting to grant RBAC permissions not currently held")
          .hasMessageContaining("Resources:[pods]");
      assertThatThrownBy(() -> write("[{apiGroups:['*'],resources:['pods'],verbs:['get']}]"))
          .isInstanceOf(ApiException.class);
    }

    @Test
    void refusesToBindARoleThatTheWriterLacksUnlessAllowedToBindIt() {
      role("", "big", "[{apiGroups:['*'],resources:['*'],verbs:['*']}]");
      var binding =
          Json.of(
              """
              {metadata:{name:'x',namespace:'a'},roleRef:{kind:'ClusterRole',name:'big'},
               subjects:[{kind:'User',name:'u'}]}
              """);
      assertThatThrownBy(() -> check.check(user("u"), RbacTypes.ROLE_BINDINGS, binding, null))
          .isInstanceOf(ApiException.class);

      role(
          "",
          "binder",
          "[{apiGroups:['rbac.authorization.k8s.io'],resources:['clusterroles'],verbs:['bind']}]");
      bind("", "ClusterRole/binder", "{kind:'User',name:'u'}");
      check.check(user("u"), RbacTypes.ROLE_BINDINGS, binding, null);
    }
  }
}
