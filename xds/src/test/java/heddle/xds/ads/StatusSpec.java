package heddle.xds.ads;

import static heddle.xds.Fixtures.cluster;
import static heddle.xds.Fixtures.listener;
import static heddle.xds.ResourceType.CLUSTER;
import static heddle.xds.ResourceType.LISTENER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heddle.xds.ads.Serving.Transport;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.envoyproxy.envoy.type.matcher.v3.NodeMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is served what, and what came of it: client status discovery. */
class StatusSpec {

  private static final String NODE = Serving.node().getId();
  private static final Snapshot ONE =
      Snapshot.builder().add(cluster("a")).add(listener("in")).build();

  @ParameterizedTest
  @EnumSource(Transport.class)
  void followsAResourceFromNotSentOverSentToAccepted(Transport transport) throws Exception {
    try (Serving serving = new Serving(transport)) {
      serving.store.publish("front", ONE);
      Station node = new Station(serving.channel);

      node.ask(CLUSTER);
      DiscoveryResponse clusters = node.take(CLUSTER);
      assertThat(status(serving, "a")).isEqualTo(ConfigStatus.STALE);
      assertThat(status(serving, "in")).isEqualTo(ConfigStatus.NOT_SENT);

      node.accept(clusters);
      Awaitility.await().until(() -> status(serving, "a") == ConfigStatus.SYNCED);
    }
  }

  @Test
  void repeatsWhatANodeSaidWhenItRefused() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", ONE);
      Station node = new Station(serving.channel);
      node.ask(LISTENER);

      node.refuse(node.take(LISTENER), "in: no such filter");

      Awaitility.await().until(() -> status(serving, "in") == ConfigStatus.ERROR);
      assertThat(resource(serving, "in").getErrorState().getDetails())
          .isEqualTo("in: no such filter");
    }
  }

  @Test
  void namesTheSnapshotOfEachNodeAndThoseThatNobodyIsConnectedFor() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", ONE);
      serving.store.publish("lonely", ONE);
      Station node = new Station(serving.channel);
      node.ask(CLUSTER);
      node.take(CLUSTER);

      assertThat(ask(serving))
          .extracting(config -> config.getNode().getId() + " " + config.getNode().getCluster())
          .containsExactly(NODE + " front", "lonely lonely");
    }
  }

  @Test
  void tellsTheContentsToThoseWhoAskForANode() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", ONE);

      GenericXdsConfig resource = ask(serving, "front").getFirst().getGenericXdsConfigs(0);
      assertThat(resource.getXdsConfig().unpack(Cluster.class)).isEqualTo(cluster("a"));
      assertThat(ask(serving).getFirst().getGenericXdsConfigs(0).hasXdsConfig()).isFalse();
      assertThat(ask(serving, "nobody")).isEmpty();
    }
  }

  @Test
  void isForThoseOnlyWhoMayObserve() throws Exception {
    try (Serving serving =
        new Serving(Transport.IN_PROCESS, (node, token) -> true, Duration.ofMinutes(5))) {
      assertThatThrownBy(() -> ask(serving)).hasMessageContaining("UNAUTHENTICATED");
    }
  }

  @Test
  void refusesMatchersThatItDoesNotUnderstand() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      var prefix = NodeMatcher.newBuilder().setNodeId(StringMatcher.newBuilder().setPrefix("s"));

      assertThatThrownBy(
              () -> send(serving, ClientStatusRequest.newBuilder().addNodeMatchers(prefix)))
          .hasMessageContaining("only node_id.exact is supported");
    }
  }

  private static ConfigStatus status(Serving serving, String name) {
    return resource(serving, name).getConfigStatus();
  }

  private static GenericXdsConfig resource(Serving serving, String name) {
    return ask(serving, NODE).getFirst().getGenericXdsConfigsList().stream()
        .filter(resource -> resource.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<ClientConfig> ask(Serving serving, String... ids) {
    ClientStatusRequest.Builder request = ClientStatusRequest.newBuilder();
    for (String id : ids) {
      request.addNodeMatchers(
          NodeMatcher.newBuilder().setNodeId(StringMatcher.newBuilder().setExact(id)));
    }
    return send(serving, request);
  }

  private static List<ClientConfig> send(Serving serving, ClientStatusRequest.Builder request) {
    return ClientStatusDiscoveryServiceGrpc.newBlockingStub(serving.channel)
        .fetchClientStatus(request.build())
        .getConfigList();
  }
}
