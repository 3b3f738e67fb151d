package heddle.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.manifest.ManifestReader;
import heddle.mesh.input.MeshInput;
import heddle.mesh.input.Pod;
import heddle.resource.Decoded;
import heddle.resource.Resource;
import heddle.resource.appmesh.AppMeshCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompiledMeshTest {

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
        backends: [{virtualService: {virtualServiceRef: {name: api}}}]
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata: {name: api, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: api}}
        listeners: [{portMapping: {port: 8080, protocol: http}}]
        serviceDiscovery: {awsCloudMap: {namespaceName: shop.local, serviceName: api}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata: {name: also-api, namespace: shop}
      spec: {podSelector: {matchLabels: {app: api, twice: "yes"}}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualService
      metadata: {name: api, namespace: shop}
      spec: {provider: {virtualNode: {virtualNodeRef: {name: api}}}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualGateway
      metadata: {name: edge, namespace: shop}
      spec:
        podSelector: {matchLabels: {edge: "yes"}}
        listeners: [{portMapping: {port: 8088, protocol: http}}]
      """;

  private final List<Resource> resources = decode();
  private final CompiledMesh mesh = compile(resources);

  private static List<Resource> decode() {
    AppMeshCodec codec = new AppMeshCodec();
    return new ManifestReader()
        .read("mesh.yaml", MESH).stream()
            .map(document -> ((Decoded.Typed) codec.decode(document)).resource())
            .toList();
  }

  private static CompiledMesh compile(List<Resource> resources) {
    return new MeshCompiler()
        .compile(new MeshInput(resources, Map.of("shop", Map.of()), List.of()));
  }

  private static Pod pod(String name, String ip, boolean ready) {
    return new Pod("shop", name, ip, Map.of("app", "api"), Map.of(), ready);
  }

  @Test
  void aPodIsTheNodeThatSelectsIt() {
    assertThat(mesh.assign("shop", "p", Map.of("app", "api")))
        .isEqualTo(
            new PodAssignment.Assigned("mesh/shop/virtualNode/api_shop", false, List.of(8080)));
    assertThat(mesh.assign("shop", "p", Map.of("edge", "yes")))
        .isEqualTo(
            new PodAssignment.Assigned("mesh/shop/virtualGateway/edge_shop", true, List.of(8088)));
  }

  @Test
  void aPodOfAnotherNamespaceOrWithOtherLabelsIsNone() {
    assertThat(mesh.assign("other", "p", Map.of("app", "api"))).isEqualTo(new PodAssignment.None());
    assertThat(mesh.assign("shop", "p", Map.of())).isEqualTo(new PodAssignment.None());
  }

  @Test
  void aPodThatSeveralSelectIsRefusedInTheControllersWords() {
    assertThat(mesh.assign("shop", "p", Map.of("app", "api", "twice", "yes")))
        .isEqualTo(
            new PodAssignment.Ambiguous(
                "found multiple matching VirtualNodes for pod shop/p: also-api,api"));
    assertThat(mesh.assign("shop", "p", Map.of("app", "web", "edge", "yes")))
        .isEqualTo(
            new PodAssignment.Ambiguous(
                "sidecarInject enabled for both virtualNode web and virtualGateway edge on pod p."
                    + " Please use podSelector on one"));
  }

  @Test
  void theOrderOfTheInputChangesNothing() {
    List<Resource> shuffled = new ArrayList<>(resources);
    for (int seed = 0; seed < 10; seed++) {
      Collections.shuffle(shuffled, new Random(seed));
      CompiledMesh again = compile(shuffled);
      assertThat(again.nodes()).isEqualTo(mesh.nodes());
      assertThat(List.copyOf(again.nodes().keySet())).isEqualTo(List.copyOf(mesh.nodes().keySet()));
      assertThat(again.statuses()).isEqualTo(mesh.statuses());
    }
  }

  @Test
  void endpointsAreTheReadyPodsWhateverTheirOrder() {
    Pod a = pod("a", "10.0.0.1", true);
    Pod b = pod("b", "10.0.0.2", true);
    Pod notReady = pod("c", "10.0.0.3", false);
    var endpoints = mesh.endpoints(List.of(b, notReady, a));
    assertThat(endpoints).isEqualTo(mesh.endpoints(List.of(a, b)));
    assertThat(endpoints.get("cds_egress_shop_api_shop_http_8080").getEndpoints(0))
        .satisfies(locality -> assertThat(locality.getLbEndpointsCount()).isEqualTo(2));
  }

  @Test
  void everyEdsClusterOfANodeHasEndpointsEvenIfThereAreNone() {
    var endpoints = mesh.endpoints(List.of());
    mesh.nodes()
        .values()
        .forEach(node -> assertThat(endpoints.keySet()).containsAll(node.edsClusters()));
    assertThat(endpoints.get("cds_egress_shop_api_shop_http_8080").getEndpointsCount()).isZero();
  }
}
