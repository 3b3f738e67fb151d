package heddle.control.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.ca.CertificateAuthority;
import heddle.ca.Identity;
import heddle.control.ControlPlane;
import heddle.control.DiscoveryService;
import heddle.control.inject.InjectionSettings;
import heddle.control.install.ControllerManifests;
import heddle.control.view.AppMeshKinds;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.StubApi;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhooks as an API server calls them: reviews over TLS. */
class WebhooksTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path directory;
  private StubApi server;
  private KubeApi api;
  private DiscoveryService discovery;
  private ControlPlane plane;
  private HttpClient client;
  private InetSocketAddress address;

  @BeforeEach
  void start() throws Exception {
    server = new StubApi();
    AppMeshKinds.all().forEach(server::serve);
    api = server.connect();
    KubeObject namespace = KubeObject.of("v1", "Namespace", "", "shop");
    namespace
        .metadata()
        .putObject("labels")
        .put("mesh", "shop")
        .put("appmesh.k8s.aws/sidecarInjectorWebhook", "enabled");
    api.create(namespace);
    discovery = new DiscoveryService(DiscoveryService.Tokens.IGNORED);
    plane =
        ControlPlane.start(api, discovery, ControlPlane.Parts.standard(), Duration.ofSeconds(30));
    CertificateAuthority authority =
        CertificateAuthority.open(directory.resolve("ca"), InstantSource.system());
    Identity identity =
        authority.issueServer(
            List.of(ControllerManifests.WEBHOOK_HOST, "localhost"),
            List.of(InetAddress.getLoopbackAddress()));
    address =
        plane.serveWebhooks(
            SocketPlace.here(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            identity.context(List.of(authority.certificate())),
            InjectionSettings.standard(),
            Map.of());
    client =
        HttpClient.newBuilder()
            .sslContext(Identity.clientContext(List.of(authority.certificate())))
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    plane.close();
    discovery.close();
    api.close();
    server.close();
  }

  @Test
  void enrolsAMemberInAMeshThatWasCreatedJustBefore() throws Exception {
    KubeObject mesh = api.create(mesh());

    JsonNode response = review("/mutate-appmesh-k8s-aws-v1beta2-virtualnode", virtualNode());

    assertThat(response.path("allowed").asBoolean()).as(response.toString()).isTrue();
    String patch = patch(response);
    assertThat(patch).contains("\"/spec/meshRef\"", mesh.uid(), "front_shop");
  }

  @Test
  void deniesAMemberWithoutAMeshInAppMeshsWords() throws Exception {
    JsonNode response = review("/mutate-appmesh-k8s-aws-v1beta2-virtualnode", virtualNode());

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("message").asText())
        .isEqualTo("failed to find matching mesh for namespace: shop, expecting 1 but found 0");
  }

  @Test
  void deniesWhatASchemaCannotSay() throws Exception {
    KubeObject node = virtualNode();
    ((ObjectNode) node.spec()).remove("serviceDiscovery");

    JsonNode response = review("/validate-appmesh-k8s-aws-v1beta2-virtualnode", node);

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("message").asText())
        .isEqualTo(
            "ServiceDiscovery missing for VirtualNode-front. ServiceDiscovery must be specified"
                + " when a listener is specified.");
  }

  @Test
  void injectsAPodThatFollowsItsNodeAtOnce() throws Exception {
    KubeObject mesh = api.create(mesh());
    KubeObject node = virtualNode();
    ((ObjectNode) node.spec()).putObject("meshRef").put("name", mesh.name()).put("uid", mesh.uid());
    api.create(node);

    JsonNode response = review("/mutate-v1-pod", pod());

    assertThat(response.path("allowed").asBoolean()).as(response.toString()).isTrue();
    assertThat(patch(response)).contains("proxyinit", "mesh/shop/virtualNode/front_shop");
  }

  @Test
  void deniesAPodThatIsNoNodes() throws Exception {
    JsonNode response = review("/mutate-v1-pod", pod());

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("message").asText())
        .isEqualTo("sidecarInject enabled but no matching VirtualNode or VirtualGateway found");
  }

  @Test
  void answersWhatIsNoReviewWith400() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/mutate-v1-pod"))
            .POST(HttpRequest.BodyPublishers.ofString("{nonsense"))
            .build();

    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("not an AdmissionReview: ");
  }

  private JsonNode review(String path, KubeObject object) throws Exception {
    ObjectNode review = MAPPER.createObjectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    review
        .putObject("request")
        .put("uid", "42")
        .put("operation", "CREATE")
        .put("namespace", "shop")
        .set("object", object.json());
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .POST(HttpRequest.BodyPublishers.ofString(review.toString()))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode response = MAPPER.readTree(answer.body()).path("response");
    assertThat(response.path("uid").asText()).isEqualTo("42");
    return response;
  }

  private URI uri(String path) {
    return URI.create("https://localhost:" + address.getPort() + path);
  }

  private static String patch(JsonNode response) {
    assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
    byte[] text = Base64.getDecoder().decode(response.path("patch").asText());
    return new String(text, StandardCharsets.UTF_8);
  }

  private static KubeObject mesh() {
    KubeObject mesh = KubeObject.of(AppMeshKinds.API_VERSION, "Mesh", "", "shop");
    mesh.json()
        .putObject("spec")
        .putObject("namespaceSelector")
        .putObject("matchLabels")
        .put("mesh", "shop");
    return mesh;
  }

  private static KubeObject virtualNode() {
    return KubeObject.parse(
        """
        {"apiVersion": "appmesh.k8s.aws/v1beta2", "kind": "VirtualNode",
         "metadata": {"name": "front", "namespace": "shop"},
         "spec": {
           "podSelector": {"matchLabels": {"app": "front"}},
           "listeners": [{"portMapping": {"port": 8080, "protocol": "http"}}],
           "serviceDiscovery": {"dns": {"hostname": "front.shop.svc.cluster.local"}}}}
        """);
  }

  private static KubeObject pod() {
    KubeObject pod = KubeObject.of(KubeKind.POD.apiVersion(), "Pod", "shop", "front-1");
    pod.metadata().putObject("labels").put("app", "front");
    pod.json().putObject("spec").putArray("containers").addObject().put("name", "app");
    return pod;
  }
}
