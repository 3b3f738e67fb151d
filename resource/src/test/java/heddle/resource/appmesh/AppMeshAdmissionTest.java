package heddle.resource.appmesh;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.manifest.ManifestReader;
import heddle.resource.appmesh.AppMeshAdmission.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AppMeshAdmissionTest {

  private static final String MESH =
      """
      kind: Mesh
      metadata: {name: shop, uid: m-1}
      spec: {namespaceSelector: {matchLabels: {mesh: shop}}}
      """;
  private static final String GATEWAY =
      """
      kind: VirtualGateway
      metadata: {name: edge, namespace: infra, uid: g-1}
      spec:
        namespaceSelector: {}
        gatewayRouteSelector: {matchLabels: {public: "yes"}}
        meshRef: {name: shop, uid: m-1}
      """;
  private static final String NODE = "metadata: {name: web, namespace: default}\n";

  private final AppMeshAdmission admission = new AppMeshAdmission();
  private final FakeCluster cluster = new FakeCluster();

  private static final class FakeCluster implements AppMeshAdmission.ClusterView {
    final List<Map<String, @Nullable Object>> meshes = new ArrayList<>(List.of(tree(MESH)));
    final List<Map<String, @Nullable Object>> gateways = new ArrayList<>();
    boolean ipv6;

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
      return namespace.equals("default") ? Map.of("mesh", "shop") : Map.of();
    }

    @Override
    public List<Map<String, @Nullable Object>> meshes() {
      return meshes;
    }

    @Override
    public List<Map<String, @Nullable Object>> virtualGateways() {
      return gateways;
    }

    @Override
    public boolean ipv6() {
      return ipv6;
    }
  }

  private static Map<String, @Nullable Object> tree(String yaml) {
    String text = "apiVersion: appmesh.k8s.aws/v1beta2\n" + yaml;
    return new ManifestReader().read("a", text).getFirst().root().plain();
  }

  private static Map<?, ?> spec(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
    return (Map<?, ?>) ((Verdict.Allowed) verdict).object().get("spec");
  }

  private Verdict create(String yaml) {
    return admission.mutate(tree(yaml), null, cluster);
  }

  private static Verdict denied(String message) {
    return new Verdict.Denied(message);
  }

  @Nested
  class Creation {

    @Test
    void givesDefaultNamesAndTheMesh() {
      Map<?, ?> node = spec(create("kind: VirtualNode\n" + NODE));
      assertThat(node.get("awsName")).isEqualTo("web_default");
      assertThat(node.get("meshRef")).isEqualTo(Map.of("name", "shop", "uid", "m-1"));
      assertThat(spec(create("kind: VirtualService\n" + NODE)).get("awsName"))
          .isEqualTo("web.default");
      assertThat(spec(create("kind: Mesh\nmetadata: {name: m}")).get("awsName")).isEqualTo("m");
      assertThat(spec(create("kind: BackendGroup\n" + NODE)).get("awsName")).isNull();
    }

    @Test
    void keepsANameThatWasChosen() {
      assertThat(
              spec(create("kind: VirtualNode\n" + NODE + "spec: {awsName: mine}")).get("awsName"))
          .isEqualTo("mine");
    }

    @Test
    void leavesTheGivenTreeAlone() {
      Map<String, @Nullable Object> given = tree("kind: VirtualNode\n" + NODE);
      admission.mutate(given, null, cluster);
      assertThat(given).isEqualTo(tree("kind: VirtualNode\n" + NODE));
    }

    @Test
    void refusesReadOnlyFields() {
      assertThat(create("kind: VirtualNode\n" + NODE + "spec: {meshRef: {name: a, uid: b}}"))
          .isEqualTo(denied("VirtualNode create may not specify read-only field: spec.meshRef"));
    }

    @Test
    void needsExactlyOneMesh() {
      assertThat(create("kind: VirtualNode\nmetadata: {name: web, namespace: other}"))
          .isEqualTo(
              denied("failed to find matching mesh for namespace: other, expecting 1 but found 0"));
      cluster.meshes.add(tree(MESH.replace("name: shop, uid: m-1", "name: also, uid: m-2")));
      assertThat(create("kind: VirtualNode\n" + NODE))
          .isEqualTo(
              denied(
                  "found multiple matching meshes for namespace: default,"
                      + " expecting 1 but found 2: also,shop"));
    }

    @Test
    void isNotPossibleInAMeshThatIsBeingDeleted() {
      cluster.meshes.set(
          0, tree(MESH.replace("uid: m-1", "uid: m-1, deletionTimestamp: \"2026-11-21\"")));
      assertThat(create("kind: VirtualNode\n" + NODE))
          .isEqualTo(
              denied("unable to create new content in mesh shop because it is being terminated"));
    }

    @Test
    void givesAGatewayRouteItsGateway() {
      cluster.gateways.add(tree(GATEWAY));
      String route =
          "kind: GatewayRoute\nmetadata: {name: all, namespace: default, labels: {public: \"yes\"}}";
      assertThat(spec(create(route)).get("virtualGatewayRef"))
          .isEqualTo(Map.of("namespace", "infra", "name", "edge", "uid", "g-1"));
      assertThat(create("kind: GatewayRoute\nmetadata: {name: all, namespace: default}"))
          .isEqualTo(
              denied(
                  "failed to find matching virtualGateway for gatewayRoute: all,"
                      + " expecting 1 but found 0"));
    }

    @Test
    void followsTheClustersAddressFamily() {
      cluster.ipv6 = true;
      assertThat(spec(create("kind: Mesh\nmetadata: {name: m}")).get("meshServiceDiscovery"))
          .isEqualTo(Map.of("ipPreference", "IPv6_ONLY"));
      cluster.ipv6 = false;
      String mesh =
          "kind: Mesh\nmetadata: {name: m}\n"
              + "spec: {meshServiceDiscovery: {ipPreference: IPv6_ONLY}}";
      assertThat(spec(create(mesh)).get("meshServiceDiscovery"))
          .isEqualTo(Map.of("ipPreference", "IPv4_ONLY"));
      assertThat(spec(create("kind: Mesh\nmetadata: {name: m}")).get("meshServiceDiscovery"))
          .isNull();
    }
  }

  @Nested
  class Change {

    private Verdict change(String before, String after) {
      return admission.validate(tree(after), tree(before));
    }

    @Test
    void mayNotTouchWhatIsImmutable() {
      String before =
          "kind: VirtualNode\n" + NODE + "spec: {awsName: a, meshRef: {name: shop, uid: m-1}}";
      String after =
          "kind: VirtualNode\n" + NODE + "spec: {awsName: b, meshRef: {name: shop, uid: m-2}}";
      assertThat(change(before, after))
          .isEqualTo(
              denied("VirtualNode update may not change these fields: spec.awsName,spec.meshRef"));
    }

    @Test
    void mayNotTouchCloudMapOnceItIsSet() {
      String spec =
          "spec: {serviceDiscovery: {awsCloudMap: {namespaceName: shop.local, serviceName: %s}}}";
      assertThat(
              change(
                  "kind: VirtualNode\n" + NODE + spec.formatted("a"),
                  "kind: VirtualNode\n" + NODE + spec.formatted("b")))
          .isEqualTo(
              denied(
                  "VirtualNode update may not change these fields:"
                      + " spec.serviceDiscovery.awsCloudMap"));
    }

    @Test
    void mayTouchTheRest() {
      assertThat(
              change(
                  "kind: VirtualNode\n" + NODE + "spec: {awsName: a}",
                  "kind: VirtualNode\n" + NODE + "spec: {awsName: a, podSelector: {}}"))
          .isInstanceOf(Verdict.Allowed.class);
    }
  }

  @Nested
  class Rules {

    @Test
    void speakAsTheControllerDid() {
      String node =
          "kind: VirtualNode\n"
              + NODE
              + "spec: {listeners: [{portMapping: {port: 1, protocol: http}}]}";
      assertThat(admission.validate(tree(node), null))
          .isEqualTo(
              denied(
                  "ServiceDiscovery missing for VirtualNode-web. ServiceDiscovery must be"
                      + " specified when a listener is specified."));
    }

    @Test
    void nameTheFieldOfAWrongShape() {
      String node = "kind: VirtualNode\n" + NODE + "spec: {listeners: [{portMapping: {port: 0}}]}";
      assertThat(admission.validate(tree(node), null))
          .isEqualTo(
              denied(
                  "spec.listeners[0].portMapping.port: 0 (expected: 1 to 65535);"
                      + " spec.listeners[0].portMapping.protocol: missing"
                      + " (expected: one of grpc, http, http2, tcp)"));
    }
  }
}
