package heddle.cluster.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.TestCluster;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Controllers, node and network together, with real pods. */
@Timeout(180)
class RunningClusterTest {
  @TempDir Path directory;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.full(directory);
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void rollsOutADeploymentBehindAServiceAndANewVersionOfIt() {
    deploy("web", 2, "one");
    service("web");
    deploy("client", 1, "client");
    complete("web");
    complete("client");
    String client = pods("client").getFirst().at("/metadata/name").asText();
    until(() -> exec(client, "curl", "-s", "web.default.svc.cluster.local").equals("one\n"));
    assertThat(exec(client, "curl", "-s", "web")).isEqualTo("one\n");

    modify("web", d -> env(d, "two"));
    until(
        () ->
            Metadata.annotations(deployment("web"))
                .get("deployment.kubernetes.io/revision")
                .equals("2"));
    complete("web");

    until(() -> pods("web").size() == 2);
    assertThat(exec(client, "curl", "-s", "web")).isEqualTo("two\n");
    assertThat(sets("web")).hasSize(2);
    assertThat(condition("web", "Progressing").path("reason").asText())
        .isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void neverHasFewerReadyPodsThanTheStrategyAllowsWhileItRolls() {
    deploy("web", 3, "one");
    complete("web");
    modify(
        "web",
        d -> {
          env(d, "two");
          ((ObjectNode) d.at("/spec/strategy/rollingUpdate"))
              .put("maxUnavailable", 0)
              .put("maxSurge", 1);
        });
    long[] least = {3};
    until(
        () -> {
          long ready =
              pods("web").stream()
                  .filter(TestCluster::ready)
                  .filter(p -> !Metadata.deleting(p))
                  .count();
          least[0] = Math.min(least[0], ready);
          return done("web") && pods("web").size() == 3;
        });
    assertThat(least[0]).isGreaterThanOrEqualTo(3);
  }

  @Test
  void listsOnlyReadyPodsAndDropsLeavingOnesAtOnce() {
    service("web");
    deploy("web", 2, "one");
    complete("web");
    until(() -> ready("web").size() == 2);
    String victim = Metadata.name(pods("web").getFirst());

    cluster.objects.delete(Kinds.PODS, "default", victim, DeleteOptions.background());

    until(() -> ready("web").stream().noneMatch(victim::equals) && ready("web").size() == 2);
    // Endpoints are written after the slices.
    until(
        () ->
            cluster
                    .objects
                    .get(Kinds.ENDPOINTS, "default", "web")
                    .orElseThrow()
                    .at("/subsets/0/addresses")
                    .size()
                == 2);
  }

  @Test
  void reachesTheHandWrittenEndpointsOfAServiceWithoutASelector() {
    deploy("web", 1, "one");
    deploy("client", 1, "client");
    complete("web");
    complete("client");
    String address = pods("web").getFirst().at("/status/podIP").asText();
    String client = pods("client").getFirst().at("/metadata/name").asText();
    for (String name : List.of("old", "new")) {
      cluster.objects.create(
          Kinds.SERVICES,
          Json.of(
              "{metadata:{name:'%s',namespace:'default'},spec:{ports:[{port:80,targetPort:8080}]}}"
                  .formatted(name)));
    }
    cluster.objects.create(
        Kinds.ENDPOINTS,
        Json.of(
            "{metadata:{name:'old',namespace:'default'},subsets:[{addresses:[{ip:'%s'}],ports:[{port:8080}]}]}"
                .formatted(address)));
    cluster.objects.create(
        Kinds.ENDPOINT_SLICES,
        Json.of(
            """
            {metadata:{name:'mine',namespace:'default',labels:{'kubernetes.io/service-name':'new'}},
             addressType:'IPv4',ports:[{name:'',port:8080}],endpoints:[{addresses:['%s']}]}
            """
                .formatted(address)));

    until(() -> exec(client, "curl", "-s", "-m", "2", "old").equals("one\n"));
    until(() -> exec(client, "curl", "-s", "-m", "2", "new").equals("one\n"));

    cluster.objects.delete(Kinds.ENDPOINTS, "default", "old", DeleteOptions.background());
    until(() -> ready("old").isEmpty());
  }

  @Test
  void emptiesANamespaceThatIsDeleted() {
    cluster.objects.create(Kinds.NAMESPACES, Json.of("{metadata:{name:'shop'}}"));
    cluster.objects.create(
        Kinds.CONFIG_MAPS, Json.of("{metadata:{name:'x',namespace:'shop'},data:{a:'b'}}"));
    cluster.objects.create(
        Kinds.PODS,
        Json.of(
            "{metadata:{name:'p',namespace:'shop'},spec:{terminationGracePeriodSeconds:1,containers:[{name:'c',image:'shell'}]}}"));
    until(
        () -> cluster.objects.get(Kinds.PODS, "shop", "p").filter(TestCluster::ready).isPresent());

    cluster.objects.delete(Kinds.NAMESPACES, null, "shop", DeleteOptions.background());

    until(() -> cluster.objects.get(Kinds.NAMESPACES, null, "shop").isEmpty());
  }

  @Test
  void givesALoadBalancerAnAddressThatTheHostReaches() throws Exception {
    deploy("web", 1, "one");
    cluster.objects.create(
        Kinds.SERVICES,
        Json.of(
            "{metadata:{name:'lb',namespace:'default'},spec:{type:'LoadBalancer',selector:{app:'web'},ports:[{port:8088,targetPort:8080}]}}"));
    complete("web");
    until(
        () ->
            !cluster
                .objects
                .get(Kinds.SERVICES, "default", "lb")
                .orElseThrow()
                .at("/status/loadBalancer/ingress/0/hostname")
                .asText("")
                .isEmpty());
    String host =
        cluster
            .objects
            .get(Kinds.SERVICES, "default", "lb")
            .orElseThrow()
            .at("/status/loadBalancer/ingress/0/hostname")
            .asText();
    until(() -> curl("http://" + host + ":8088/").equals("one\n"));
  }

  private static String curl(String url) {
    try {
      Process process = new ProcessBuilder("curl", "-s", "-m", "2", url).start();
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> ready(String service) {
    return cluster.objects.list(Kinds.ENDPOINT_SLICES, "default").items().stream()
        .filter(s -> service.equals(Metadata.labels(s).get("kubernetes.io/service-name")))
        .flatMap(s -> StreamSupport.stream(s.path("endpoints").spliterator(), false))
        .filter(e -> e.at("/conditions/ready").asBoolean())
        .map(e -> e.at("/targetRef/name").asText())
        .toList();
  }

  private void deploy(String name, int replicas, String body) {
    cluster.objects.create(
        Kinds.DEPLOYMENTS,
        Json.of(
            """
            {metadata:{name:'%1$s',namespace:'default'},
             spec:{replicas:%2$d,selector:{matchLabels:{app:'%1$s'}},
              template:{metadata:{labels:{app:'%1$s'}},spec:{containers:[
               {name:'w',image:'web',ports:[{containerPort:8080}],env:[{name:'BODY',value:'%3$s'}],
                readinessProbe:{httpGet:{port:8080},periodSeconds:1}}]}}}}
            """
                .formatted(name, replicas, body)));
  }

  private void service(String name) {
    cluster.objects.create(
        Kinds.SERVICES,
        Json.of(
            "{metadata:{name:'%1$s',namespace:'default'},spec:{selector:{app:'%1$s'},ports:[{port:80,targetPort:8080}]}}"
                .formatted(name)));
  }

  private static void env(ObjectNode deployment, String body) {
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0/env/0")).put("value", body);
  }

  private void modify(String name, Consumer<ObjectNode> change) {
    cluster.objects.modify(
        Kinds.DEPLOYMENTS,
        "default",
        name,
        d -> {
          change.accept(d);
          return d;
        });
  }

  private ObjectNode deployment(String name) {
    return cluster.objects.get(Kinds.DEPLOYMENTS, "default", name).orElseThrow();
  }

  private JsonNode condition(String name, String type) {
    for (JsonNode condition : deployment(name).at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  private void complete(String name) {
    until(() -> done(name));
  }

  /** What {@code kubectl rollout status} waits for. */
  private boolean done(String name) {
    ObjectNode d = deployment(name);
    int wanted = d.at("/spec/replicas").asInt();
    return d.at("/status/observedGeneration").asLong() >= Metadata.generation(d)
        && d.at("/status/updatedReplicas").asInt() == wanted
        && d.at("/status/replicas").asInt() == wanted
        && d.at("/status/availableReplicas").asInt() == wanted;
  }

  private List<ObjectNode> pods(String app) {
    return cluster.objects.list(Kinds.PODS, "default").items().stream()
        .filter(p -> app.equals(Metadata.labels(p).get("app")))
        .toList();
  }

  private List<ObjectNode> sets(String app) {
    return cluster.objects.list(Kinds.REPLICA_SETS, "default").items().stream()
        .filter(p -> app.equals(Metadata.labels(p).get("app")))
        .toList();
  }

  private static void until(BooleanSupplier condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(condition::getAsBoolean);
  }

  private String exec(String pod, String... command) {
    ExecRequest request = new ExecRequest(List.of(command), false, true, true, false);
    try (Session session = cluster.access().exec("default", pod, null, request)) {
      String output = new String(session.stdout().readAllBytes(), UTF_8);
      session.exit().toCompletableFuture().get(30, TimeUnit.SECONDS);
      return output;
    } catch (Exception e) {
      throw new AssertionError("exec " + List.of(command), e);
    }
  }
}
