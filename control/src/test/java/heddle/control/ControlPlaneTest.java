package heddle.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import heddle.control.cloudmap.CloudMap;
import heddle.control.inject.SidecarInjector;
import heddle.control.report.StatusReporter;
import heddle.control.view.AppMeshKinds;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.PatchType;
import heddle.kube.Scope;
import heddle.kube.StubApi;
import heddle.manifest.ManifestReader;
import heddle.xds.NodeName;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import heddle.xds.ads.AdsClient.Verdict;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From objects in an API to what a data plane receives, and back into conditions. */
class ControlPlaneTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {mesh: shop}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: appmesh-system}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: Mesh
      metadata: {name: shop}
      spec: {namespaceSelector: {matchLabels: {mesh: shop}}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata: {name: front, namespace: shop}
      spec:
        meshRef: {name: shop, uid: MESH_UID}
        podSelector: {matchLabels: {app: front}}
        listeners: [{portMapping: {port: 8080, protocol: http}}]
        serviceDiscovery: {dns: {hostname: front.shop.svc.cluster.local}}
        backends: [{virtualService: {virtualServiceRef: {name: cart}}}]
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata: {name: cart, namespace: shop}
      spec:
        meshRef: {name: shop, uid: MESH_UID}
        podSelector: {matchLabels: {app: cart}}
        listeners: [{portMapping: {port: 8080, protocol: http}}]
        serviceDiscovery: {awsCloudMap: {namespaceName: shop.pvt, serviceName: cart}}
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualService
      metadata: {name: cart, namespace: shop}
      spec:
        meshRef: {name: shop, uid: MESH_UID}
        awsName: cart.shop.pvt
        provider: {virtualNode: {virtualNodeRef: {name: cart}}}
      """;

  private StubApi server;
  private KubeApi api;
  private DiscoveryService discovery;
  private ControlPlane plane;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    server = new StubApi();
    AppMeshKinds.all().forEach(server::serve);
    api = server.connect();
    apply(MANIFESTS);
    discovery = new DiscoveryService(DiscoveryService.Tokens.IGNORED);
    String name = UUID.randomUUID().toString();
    discovery.listenInProcess(name);
    channel = InProcessChannelBuilder.forName(name).build();
    plane = ControlPlane.start(api, discovery, ControlPlane.Parts.standard(), PATIENCE);
  }

  @AfterEach
  void stop() {
    plane.close();
    channel.shutdownNow();
    discovery.close();
    api.close();
    server.close();
  }

  @Test
  void servesAPodTheEndpointsOfItsBackendsAndTakesStoppingPodsOutAtOnce() {
    pod("front-1", "front", "10.244.0.5", true);
    pod("cart-1", "cart", "10.244.0.6", true);
    pod("cart-2", "cart", "10.244.0.7", false);
    try (DataPlane front = new DataPlane("10.244.0.5", "front-1", Verdict.accepted())) {
      Awaitility.await().until(() -> front.addresses().equals(Set.of("10.244.0.6")));

      ready("cart-2", true);
      Awaitility.await().until(() -> front.addresses().equals(Set.of("10.244.0.6", "10.244.0.7")));

      mark("cart-1", "finalizers", "deletionTimestamp");
      Awaitility.await().until(() -> front.addresses().equals(Set.of("10.244.0.7")));

      ready("cart-2", false);
      Awaitility.await().until(() -> front.addresses().isEmpty());
    }
  }

  @Test
  void writesConditionsAndArns() {
    Awaitility.await().until(() -> node("front").isTrue("VirtualNodeActive"));

    assertThat(node("front").status().path("virtualNodeARN").asText())
        .isEqualTo("arn:aws:appmesh:us-west-2:000000000000:mesh/shop/virtualNode/front_shop");
    assertThat(node("front").status().path("observedGeneration").asLong()).isEqualTo(1);
    Awaitility.await()
        .until(() -> api.get(AppMeshKinds.MESH, "", "shop").orElseThrow().isTrue("MeshActive"));
  }

  @Test
  void saysInAConditionAndAnEventThatABackendDoesNotExist() {
    KubeObject front = node("front").copy();
    ((ArrayNode) front.spec().path("backends"))
        .addObject()
        .putObject("virtualService")
        .putObject("virtualServiceRef")
        .put("name", "ghost");
    store(front);

    Awaitility.await()
        .until(
            () ->
                node("front")
                    .condition("VirtualNodeActive")
                    .map(condition -> condition.path("message").asText().contains("ghost"))
                    .orElse(false));
    Awaitility.await()
        .until(
            () ->
                api.list(KubeKind.EVENT, Scope.in("shop")).items().stream()
                    .anyMatch(
                        event ->
                            event.json().path("reason").asText().equals("ReconcileError")
                                && event.json().path("message").asText().contains("ghost")));
  }

  @Test
  void turnsARefusalIntoAConditionOfItsOriginUntilALaterVersionIsAccepted() {
    pod("front-1", "front", "10.244.0.5", true);
    String cluster = "cds_egress_shop_cart_shop_http_8080";
    try (DataPlane front =
        new DataPlane("10.244.0.5", "front-1", Verdict.rejected(cluster + ": not today"))) {
      Awaitility.await()
          .until(
              () ->
                  node("cart")
                      .condition(StatusReporter.ACCEPTED)
                      .map(condition -> condition.path("message").asText())
                      .orElse("")
                      .equals(
                          "spec.listeners[0]: CLUSTER "
                              + cluster
                              + ": "
                              + cluster
                              + ": not today"));
      assertThat(node("cart").isTrue(StatusReporter.ACCEPTED)).isFalse();
      assertThat(node("front").condition(StatusReporter.ACCEPTED)).isEmpty();

      front.verdict = Verdict.accepted();
      KubeObject changed = node("front").copy();
      ((ObjectNode) changed.spec().path("listeners").path(0))
          .putObject("connectionPool")
          .putObject("http")
          .put("maxConnections", 7);
      store(changed);

      Awaitility.await().until(() -> node("cart").isTrue(StatusReporter.ACCEPTED));
    }
  }

  @Test
  void forgetsARefusalOnceTheDataPlaneIsGone() {
    pod("front-1", "front", "10.244.0.5", true);
    String cluster = "cds_egress_shop_cart_shop_http_8080";
    try (DataPlane ignored =
        new DataPlane("10.244.0.5", "front-1", Verdict.rejected(cluster + ": not today"))) {
      Awaitility.await().until(() -> node("cart").condition(StatusReporter.ACCEPTED).isPresent());
    }

    Awaitility.await().until(() -> node("cart").isTrue(StatusReporter.ACCEPTED));
  }

  @Test
  void holdsAMeshUntilItsMembersAreGone() {
    Awaitility.await()
        .until(() -> mesh().orElseThrow().hasFinalizer("finalizers.appmesh.k8s.aws/mesh-members"));

    api.delete(AppMeshKinds.MESH, "", "shop");

    Awaitility.await()
        .until(
            () ->
                events(mesh().orElseThrow())
                    .contains(
                        "PendingMembersDeletion: objects belong to this mesh exists, please delete"
                            + " them to proceed. virtualService: 1, virtualRouter: 0, virtualNode:"
                            + " 2, virtualGateway: 0, gatewayRoute: 0"));
    api.delete(api.kind(AppMeshKinds.API_VERSION, "VirtualService"), "shop", "cart");
    api.delete(api.kind(AppMeshKinds.API_VERSION, "VirtualNode"), "shop", "front");
    assertThat(mesh()).isPresent();
    api.delete(api.kind(AppMeshKinds.API_VERSION, "VirtualNode"), "shop", "cart");
    Awaitility.await().until(() -> mesh().isEmpty());
  }

  private Optional<KubeObject> mesh() {
    return api.get(AppMeshKinds.MESH, "", "shop");
  }

  private List<String> events(KubeObject about) {
    return api.list(KubeKind.EVENT, Scope.everywhere()).items().stream()
        .map(KubeObject::json)
        .filter(event -> event.path("involvedObject").path("uid").asText().equals(about.uid()))
        .map(event -> event.path("reason").asText() + ": " + event.path("message").asText())
        .toList();
  }

  @Test
  void registersReadyPodsWithCloudMapAndOpensTheirGate() {
    pod("cart-1", "cart", "10.244.0.6", false);
    condition("cart-1", "ContainersReady", true);

    Awaitility.await().until(() -> pod("cart-1").isTrue(SidecarInjector.CLOUD_MAP_GATE));
    KubeObject slice =
        api.list(
                KubeKind.ENDPOINT_SLICE,
                Scope.in("appmesh-system").labelled(CloudMap.LABEL + "=cart.shop.pvt"))
            .items()
            .getFirst();
    assertThat(slice.json().path("endpoints").path(0).path("addresses").path(0).asText())
        .isEqualTo("10.244.0.6");
    assertThat(slice.json().path("ports").path(0).path("port").asInt()).isEqualTo(8080);

    mark("cart-1", "finalizers", "deletionTimestamp");
    Awaitility.await()
        .until(
            () ->
                api.get(KubeKind.ENDPOINT_SLICE, "appmesh-system", slice.name())
                    .orElseThrow()
                    .json()
                    .path("endpoints")
                    .isEmpty());
  }

  @Test
  void tellsALeavingPodWhenEveryDataPlaneHasAcceptedEndpointsWithoutIt() {
    pod("front-1", "front", "10.244.0.5", true);
    pod("front-2", "front", "10.244.0.8", true);
    pod("cart-1", "cart", "10.244.0.6", true);
    annotate(
        "cart-1", SidecarInjector.STOP_GATES, "other.example/gate," + SidecarInjector.STOP_GATE);
    try (DataPlane quick = new DataPlane("10.244.0.5", "front-1", Verdict.accepted());
        DataPlane slow = new DataPlane("10.244.0.8", "front-2", Verdict.accepted())) {
      Awaitility.await().until(() -> quick.addresses().equals(Set.of("10.244.0.6")));
      Awaitility.await().until(() -> slow.addresses().equals(Set.of("10.244.0.6")));
      slow.answers = new CountDownLatch(1);

      mark("cart-1", "finalizers", "deletionTimestamp");

      Awaitility.await().until(() -> quick.addresses().isEmpty() && slow.addresses().isEmpty());
      assertThat(pod("cart-1").isTrue(SidecarInjector.STOP_GATE)).isFalse();
      slow.answers.countDown();
      Awaitility.await().until(() -> pod("cart-1").isTrue(SidecarInjector.STOP_GATE));
    }
  }

  @Test
  void leavesDataPlanesAloneWhileItIsAway() throws Exception {
    pod("front-1", "front", "10.244.0.5", true);
    pod("cart-1", "cart", "10.244.0.6", true);
    try (DataPlane front = new DataPlane("10.244.0.5", "front-1", Verdict.accepted())) {
      Awaitility.await().until(() -> front.addresses().equals(Set.of("10.244.0.6")));
      plane.close();
      pod("cart-2", "cart", "10.244.0.7", true);

      plane = ControlPlane.start(api, discovery, ControlPlane.Parts.standard(), PATIENCE);

      Awaitility.await().until(() -> front.addresses().equals(Set.of("10.244.0.6", "10.244.0.7")));
      assertThat(front.clusterUpdates).as("nothing but endpoints changed").isEqualTo(1);
    }
  }

  @Test
  void writesNothingWhenNothingChanges() {
    Awaitility.await().until(() -> node("front").isTrue("VirtualNodeActive"));
    Awaitility.await().until(() -> node("cart").isTrue("VirtualNodeActive"));
    pod("other", "other", "10.244.0.9", true);
    List<String> before = List.copyOf(server.writes());
    KubeObject labelled = node("front").copy();
    labelled.metadata().putObject("annotations").put("note", "x");
    store(labelled);

    Awaitility.await()
        .during(Duration.ofMillis(600))
        .until(
            () ->
                server.writes().stream()
                    .skip(before.size())
                    .filter(w -> w.endsWith("/status"))
                    .toList(),
            List::isEmpty);
  }

  /** Whatever its version was: statuses are written at the same time. */
  private void store(KubeObject changed) {
    changed.metadata().remove("resourceVersion");
    api.replace(changed);
  }

  private void apply(String manifests) {
    String uid = "";
    for (var document : new ManifestReader().read("manifests.yaml", manifests)) {
      KubeObject object =
          KubeObject.parse(KubeObject.of(document).json().toString().replace("MESH_UID", uid));
      KubeObject created = api.create(object);
      if (created.kind().equals("Mesh")) {
        uid = created.uid();
      }
    }
  }

  private KubeObject node(String name) {
    KubeKind kind = api.kind(AppMeshKinds.API_VERSION, "VirtualNode");
    return api.get(kind, "shop", name).orElseThrow();
  }

  private KubeObject pod(String name) {
    return api.get(KubeKind.POD, "shop", name).orElseThrow();
  }

  private void pod(String name, String app, String ip, boolean ready) {
    KubeObject pod = KubeObject.of("v1", "Pod", "shop", name);
    pod.metadata().putObject("labels").put("app", app);
    ObjectNode spec = pod.json().putObject("spec");
    spec.putArray("containers").addObject().put("name", "app");
    spec.putArray("readinessGates")
        .addObject()
        .put("conditionType", SidecarInjector.CLOUD_MAP_GATE);
    pod.json().putObject("status").put("podIP", ip).put("phase", "Running");
    api.create(pod);
    ready(name, ready);
  }

  private void ready(String name, boolean ready) {
    condition(name, "Ready", ready);
  }

  private void condition(String pod, String type, boolean holds) {
    ObjectNode patch = KubeObject.parse("{}").json();
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", type)
        .put("status", holds ? "True" : "False");
    api.patch(KubeKind.POD, "shop", pod, "status", PatchType.STRATEGIC, patch);
  }

  private void annotate(String pod, String annotation, String value) {
    ObjectNode patch = KubeObject.parse("{}").json();
    patch.putObject("metadata").putObject("annotations").put(annotation, value);
    api.patch(KubeKind.POD, "shop", pod, "", PatchType.MERGE, patch);
  }

  /** Begins the deletion of a pod as an API server does while its processes still run. */
  private void mark(String pod, String finalizers, String timestamp) {
    ObjectNode patch = KubeObject.parse("{}").json();
    patch.putObject("metadata").putArray(finalizers).add("test/keep");
    api.patch(KubeKind.POD, "shop", pod, "", PatchType.MERGE, patch);
    api.delete(KubeKind.POD, "shop", pod);
    assertThat(pod(pod).json().path("metadata").has(timestamp)).isTrue();
  }

  /** A sidecar that subscribes to clusters and their endpoints. */
  private final class DataPlane implements AdsClient.Listener, AutoCloseable {
    private final Map<String, Message> endpoints = new ConcurrentHashMap<>();
    private volatile Verdict verdict;

    /** Answers about endpoints wait for it. */
    private volatile CountDownLatch answers = new CountDownLatch(0);

    private volatile int clusterUpdates;
    private final AdsClient client;

    DataPlane(String ip, String pod, Verdict verdict) {
      this.verdict = verdict;
      Node node = Node.newBuilder().setId(NodeName.ofPod(false, ip, "shop", pod).id()).build();
      client = AdsClient.start(channel, node, this);
      client.subscribeAll(ResourceType.CLUSTER);
    }

    @Override
    public Verdict received(AdsClient.Update update) {
      switch (update.type()) {
        case CLUSTER -> {
          clusterUpdates++;
          client.subscribe(ResourceType.ENDPOINTS, new TreeSet<>(update.resources().keySet()));
        }
        case ENDPOINTS -> {
          endpoints.putAll(update.resources());
          await(answers);
        }
        default -> throw new IllegalStateException("not asked for " + update.type());
      }
      return update.type() == ResourceType.CLUSTER ? verdict : Verdict.accepted();
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    Set<String> addresses() {
      Set<String> addresses = new TreeSet<>();
      for (Message message : endpoints.values()) {
        ((ClusterLoadAssignment) message)
            .getEndpointsList()
            .forEach(
                locality ->
                    locality
                        .getLbEndpointsList()
                        .forEach(
                            each ->
                                addresses.add(
                                    each.getEndpoint()
                                        .getAddress()
                                        .getSocketAddress()
                                        .getAddress())));
      }
      return addresses;
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
