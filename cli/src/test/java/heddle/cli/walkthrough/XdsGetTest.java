package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.cli.xds.ServedNodes;
import heddle.xds.NodeName;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pods of a running cluster are served, as an administrator and as a pod sees it. */
@Tag("walkthrough")
class XdsGetTest {

  private static final String CLUSTER = "xds";
  private static final String NAMESPACE = "howto-k8s-retry-policy";

  @TempDir private static Path home;
  private static HeddleCommandLine line;

  @BeforeAll
  static void start() {
    Requirements.need("kubectl", "ip", "nft", "bwrap");
    line = new HeddleCommandLine(home);
    String manifest = Examples.manifest("retry").toString();
    line.heddle("up", "--name", CLUSTER, "--detach", "-f", manifest).succeeded();
  }

  @AfterAll
  static void stop() {
    if (line != null) {
      line.close();
    }
  }

  @Test
  void everyPodIsListedWithWhatItIsServedAndThatItHasAcceptedIt() {
    String nodes = line.heddle("xds", "get", "--name", CLUSTER).succeeded().out();

    assertThat(nodes)
        .containsPattern(
            "front-\\S+\\." + NAMESPACE + " +mesh/\\S+/virtualNode/front_\\S+ +SYNCED +SYNCED")
        .containsPattern("blue-\\S+\\." + NAMESPACE + " +mesh/\\S+/virtualNode/blue_\\S+ +SYNCED");
  }

  @Test
  void theEndpointsOfAPodAreThePodsThatItCalls() throws IOException {
    HeddleCommandLine.Result result =
        get("eds", "--node", pod("front") + "." + NAMESPACE, "-o", "json").succeeded();

    JsonNode endpoints =
        new ObjectMapper().readTree(result.out()).at("/resources/0/endpoints/0/lb_endpoints");
    assertThat(endpoints).hasSize(1);
    assertThat(endpoints.at("/0/metadata/filter_metadata/heddle/name").asText())
        .isEqualTo(pod("color"));
  }

  @Test
  void theRoutesOfAVirtualNodeNameTheObjectThatDecidedThem() {
    assertThat(get("rds", "--node", "front_" + NAMESPACE).succeeded().out())
        .contains("VirtualRouter " + NAMESPACE + "/color spec.routes[0]");
  }

  @Test
  void anUnknownNodeIsRefusedWithThoseThatThereAre() {
    HeddleCommandLine.Result result = get("lds", "--node", "nobody");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("no node 'nobody'; ask for one of:", pod("front") + "." + NAMESPACE);
  }

  @Test
  void aPodsTokenIsGoodForItsOwnNodeOverTlsAndForNoOther() throws Exception {
    String token = token(pod("front"));

    assertThat(subscribe(pod("front"), token)).isEqualTo("served");
    assertThat(subscribe(pod("color"), token)).isEqualTo("PERMISSION_DENIED");
    assertThat(subscribe(pod("front"), "")).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void aPodMayNotAskWhatOthersAreServed() throws Exception {
    try (ServedNodes nodes = new ServedNodes(adsPort(), authority(), token(pod("front")))) {
      assertThatThrownBy(nodes::all).hasMessageContaining("PERMISSION_DENIED");
    }
  }

  private static HeddleCommandLine.Result get(String part, String... more) {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(new String[] {"xds", "get", part, "--name", CLUSTER}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return line.heddle(arguments);
  }

  private static String pod(String app) {
    return line.shell(
            CLUSTER,
            "kubectl get pod -n "
                + NAMESPACE
                + " -l app="
                + app
                + " -o jsonpath='{.items[0].metadata.name}'")
        .succeeded()
        .out();
  }

  private static String token(String pod) throws IOException {
    Path request =
        Files.writeString(
            home.resolve("token.json"),
            """
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
             "spec": {"boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": "%s"}}}
            """
                .formatted(pod));
    String answer =
        line.shell(
                CLUSTER,
                "kubectl create --raw /api/v1/namespaces/%s/serviceaccounts/default/token -f %s"
                    .formatted(NAMESPACE, request))
            .succeeded()
            .out();
    return new ObjectMapper().readTree(answer).at("/status/token").asText();
  }

  private static int adsPort() throws IOException {
    Properties settings = new Properties();
    try (Reader reader =
        Files.newBufferedReader(home.resolve(CLUSTER).resolve("settings.properties"))) {
      settings.load(reader);
    }
    return Integer.parseInt(settings.getProperty("adsPort"));
  }

  private static Path authority() {
    return home.resolve(CLUSTER).resolve("pki").resolve("ca.crt");
  }

  /** Subscribes as a stock Envoy would: over TCP, with TLS and a token. */
  private static String subscribe(String pod, String token) throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + adsPort(),
                TlsChannelCredentials.newBuilder().trustManager(authority().toFile()).build())
            .build();
    CompletableFuture<String> outcome = new CompletableFuture<>();
    Node node =
        Node.newBuilder().setId(NodeName.ofPod(false, "10.0.0.1", NAMESPACE, pod).id()).build();
    try (AdsClient client =
        AdsClient.builder(channel, node, new First(outcome)).token(() -> token).start()) {
      client.subscribeAll(ResourceType.LISTENER);
      return outcome.get(30, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Waits for the first thing that happens. */
  private record First(CompletableFuture<String> outcome) implements AdsClient.Listener {
    @Override
    public AdsClient.Verdict received(AdsClient.Update update) {
      outcome.complete(update.resources().isEmpty() ? "nothing" : "served");
      return AdsClient.Verdict.accepted();
    }

    @Override
    public void disconnected(Status status) {
      outcome.complete(status.getCode().name());
    }
  }
}
