package heddle.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.manifest.ManifestReader;
import heddle.mesh.emit.Endpoints;
import heddle.mesh.input.MeshInput;
import heddle.mesh.input.Pod;
import heddle.resource.Decoded;
import heddle.resource.Resource;
import heddle.resource.appmesh.AppMeshCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What is taken over from an earlier compilation is what a fresh one would give. */
class ReuseTest {
  private static final String MESH =
      """
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: Mesh
      metadata: {name: shop}
      spec: {namespaceSelector: {}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        listeners: [{portMapping: {port: 8080, protocol: http}}]
        serviceDiscovery: {awsCloudMap: {namespaceName: pvt, serviceName: web}}
        backends: [{virtualService: {virtualServiceRef: {name: api}}}]
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata: {name: api, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: api}}
        listeners: [{portMapping: {port: 8080, protocol: http}}]
        serviceDiscovery: {awsCloudMap: {namespaceName: pvt, serviceName: api}}
        backends: [{virtualService: {virtualServiceRef: {name: web}}}]
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualService
      metadata: {name: web, namespace: shop}
      spec: {provider: {virtualNode: {virtualNodeRef: {name: web}}}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualService
      metadata: {name: api, namespace: shop}
      spec: {provider: {virtualRouter: {virtualRouterRef: {name: api}}}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualGateway
      metadata: {name: edge, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: edge}}
        listeners: [{portMapping: {port: 8088, protocol: http}}]
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualRouter
      metadata: {name: api, namespace: shop}
      spec:
        listeners: [{portMapping: {port: 8080, protocol: http}}]
        routes:
          - name: all
            httpRoute:
              match: {prefix: /}
              action: {weightedTargets: [{virtualNodeRef: {name: api}, weight: 1}]}
              timeout: {perRequest: {value: %d, unit: s}}
      """;

  private final MeshCompiler compiler = new MeshCompiler();

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void afterAnyChangesTheResultIsThatOfAFreshCompilation(@ForAll long seed) {
    RandomMesh world = new RandomMesh(new SplittableRandom(seed));
    CompiledMesh mesh = compiler.compile(world.input());
    Endpoints endpoints = mesh.endpoints(world.pods(), Endpoints.NONE);
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      changes.add(world.change());
      MeshInput input = world.input();
      CompiledMesh fresh = compiler.compile(input);

      mesh = compiler.compile(input, mesh);
      endpoints = mesh.endpoints(world.pods(), endpoints);

      assertThat(mesh.model()).as("after %s", changes).isEqualTo(fresh.model());
      assertThat(List.copyOf(mesh.nodes().entrySet()))
          .as("after %s", changes)
          .isEqualTo(List.copyOf(fresh.nodes().entrySet()));
      assertThat(mesh.statuses()).as("after %s", changes).isEqualTo(fresh.statuses());
      assertThat(mesh.diagnostics()).as("after %s", changes).isEqualTo(fresh.diagnostics());
      assertThat(List.copyOf(endpoints.assignments().entrySet()))
          .as("after %s", changes)
          .isEqualTo(List.copyOf(fresh.endpoints(world.pods()).entrySet()));
      for (Pod pod : world.pods()) {
        assertThat(mesh.assign(pod.namespace(), pod.name(), pod.labels()))
            .isEqualTo(fresh.assign(pod.namespace(), pod.name(), pod.labels()));
      }
    }
  }

  @Example
  void aRoutersChangeConcernsItsCallersOnly() {
    List<Resource> resources = decode(MESH.formatted(1));
    CompiledMesh before = compiler.compile(input(resources));
    List<Resource> changed = new ArrayList<>(resources);
    changed.removeLast();
    changed.add(decode(MESH.formatted(2)).getLast());

    CompiledMesh after = compiler.compile(input(changed), before);

    assertThat(after.nodes()).containsOnlyKeys(before.nodes().keySet());
    after
        .nodes()
        .forEach(
            (id, node) -> {
              if (id.equals("mesh/shop/virtualNode/web_shop")) {
                assertThat(node.routes()).isNotEqualTo(before.nodes().get(id).routes());
                assertThat(node.clusters().get(1))
                    .isSameAs(before.nodes().get(id).clusters().get(1));
              } else {
                assertThat(node).isSameAs(before.nodes().get(id));
              }
            });
  }

  @Example
  void aPodsChangeConcernsItsClustersOnly() {
    CompiledMesh mesh = compiler.compile(input(decode(MESH.formatted(1))));
    List<Pod> pods = List.of(pod("api", true), pod("web", true));
    Endpoints before = mesh.endpoints(pods, Endpoints.NONE);

    var after = mesh.endpoints(List.of(pod("api", false), pod("web", true)), before).assignments();

    assertThat(after.get("cds_egress_shop_api_shop_http_8080").getEndpointsCount()).isZero();
    assertThat(after.get("cds_egress_shop_web_shop_http_8080"))
        .isSameAs(before.assignments().get("cds_egress_shop_web_shop_http_8080"));
  }

  private static List<Resource> decode(String manifest) {
    AppMeshCodec codec = new AppMeshCodec();
    return new ManifestReader()
        .read("mesh.yaml", manifest).stream()
            .map(document -> ((Decoded.Typed) codec.decode(document)).resource())
            .toList();
  }

  private static MeshInput input(List<Resource> resources) {
    return new MeshInput(resources, Map.of("shop", Map.of()), List.of());
  }

  private static Pod pod(String app, boolean ready) {
    return new Pod("shop", app + "-1", "10.0.0.1", Map.of("app", app), Map.of(), ready);
  }
}
