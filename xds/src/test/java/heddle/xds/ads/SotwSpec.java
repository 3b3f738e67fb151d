package heddle.xds.ads;

import static heddle.xds.Fixtures.cluster;
import static heddle.xds.Fixtures.endpoints;
import static heddle.xds.Fixtures.listener;
import static heddle.xds.Fixtures.routes;
import static heddle.xds.ResourceType.CLUSTER;
import static heddle.xds.ResourceType.ENDPOINTS;
import static heddle.xds.ResourceType.LISTENER;
import static heddle.xds.ResourceType.ROUTES;
import static heddle.xds.ads.Station.names;
import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ads.Serving.Transport;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SotwSpec {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Snapshot ONE =
      Snapshot.builder()
          .add(cluster("a"))
          .add(endpoints("a", "10.0.0.1"))
          .add(listener("in"))
          .add(routes("r", "a"))
          .build();

  @ParameterizedTest
  @EnumSource(Transport.class)
  void servesEachTypeInTheOrderInWhichItIsNeeded(Transport transport) throws Exception {
    try (Serving serving = new Serving(transport)) {
      serving.store.publish("front", ONE);
      Station node = new Station(serving.channel);

      node.ask(LISTENER);
      node.ask(CLUSTER);
      DiscoveryResponse first = node.take(LISTENER);
      DiscoveryResponse clusters = node.take(CLUSTER);
      node.accept(first);
      node.accept(clusters);
      node.ask(ENDPOINTS, "a");
      node.accept(node.take(ENDPOINTS), "a");
      node.ask(ROUTES, "r");

      assertThat(names(node.take(ROUTES))).containsExactly("r");
      assertThat(clusters.getVersionInfo()).isEqualTo(ONE.version(CLUSTER));
    }
  }

  @Test
  void pushesNothingForEqualContentAndOnlyEndpointsForAChangeOfEndpoints() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = settled(serving);

      serving.store.publish("front", ONE.toBuilder().build());
      serving.store.publish(
          "front", ONE.with(ENDPOINTS, List.of(endpoints("a", "10.0.0.1", "10.0.0.2"))));

      DiscoveryResponse pushed = node.take(ENDPOINTS);
      assertThat(names(pushed)).containsExactly("a");
      assertThat(node.unread()).isZero();
    }
  }

  @Test
  void isSettledOnceEveryNodeHasAcceptedWhatWasPublished() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = settled(serving);
      Station other = settled(serving);
      assertThat(serving.server.settled(ENDPOINTS)).succeedsWithin(PATIENCE);

      serving.store.publish("front", ONE.with(ENDPOINTS, List.of(endpoints("a", "10.0.0.2"))));
      CompletableFuture<Void> settled = serving.server.settled(ENDPOINTS).toCompletableFuture();
      DiscoveryResponse pushed = node.take(ENDPOINTS);
      DiscoveryResponse alsoPushed = other.take(ENDPOINTS);

      node.accept(pushed, "a");
      other.refuse(alsoPushed, "not today", "a");
      Awaitility.await().until(() -> serving.nacks.size() == 1);
      assertThat(settled).isNotDone();

      other.leave();
      assertThat(settled).succeedsWithin(PATIENCE);
    }
  }

  @Test
  void waitsForANodeWhoseSnapshotIsNotThereYet() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = new Station(serving.channel);
      node.ask(CLUSTER);
      Awaitility.await().until(() -> serving.server.connected().size() == 1);

      serving.store.publish("front", ONE);

      assertThat(names(node.take(CLUSTER))).containsExactly("a");
    }
  }

  @Test
  void bringsNewClustersBeforeRoutesAndTakesOldOnesAwayAfterThem() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = settled(serving);

      serving.store.publish(
          "front",
          Snapshot.builder()
              .add(cluster("b"))
              .add(endpoints("b", "10.0.0.9"))
              .add(listener("in"))
              .add(routes("r", "b"))
              .build());

      DiscoveryResponse both = node.take(CLUSTER);
      assertThat(names(both)).containsExactlyInAnyOrder("a", "b");
      node.accept(both);
      node.ask(ENDPOINTS, "a", "b");
      // The request above carries no nonce, as after a lost answer; the server takes it as stale.
      node.accept(lastEndpoints, "a", "b");
      DiscoveryResponse added = node.take(ENDPOINTS);
      assertThat(names(added)).containsExactly("b");
      assertThat(node.unread()).as("routes wait for the endpoints").isZero();
      node.accept(added, "a", "b");
      DiscoveryResponse moved = node.take(ROUTES);
      assertThat(node.unread()).as("the old cluster stays until the routes are in force").isZero();
      node.accept(moved, "r");
      assertThat(names(node.take(CLUSTER))).containsExactly("b");
    }
  }

  @Test
  void takesAnOldClusterAwayFromANodeThatNamesItsClustersOnceItIsNoLongerNamed() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", ONE);
      Station node = new Station(serving.channel);
      node.ask(ROUTES, "r");
      node.accept(node.take(ROUTES), "r");
      node.ask(CLUSTER, "a");
      DiscoveryResponse old = node.take(CLUSTER);
      node.accept(old, "a");

      serving.store.publish(
          "front", Snapshot.builder().add(cluster("b")).add(routes("r", "b")).build());
      node.accept(node.take(ROUTES), "r");
      node.accept(old, "a", "b");
      DiscoveryResponse both = node.take(CLUSTER);
      assertThat(names(both)).containsExactlyInAnyOrder("a", "b");
      node.accept(both, "b");

      assertThat(names(node.take(CLUSTER))).containsExactly("b");
    }
  }

  @Test
  void takesAnOldClusterAwayInTheEndThoughANodeGoesOnToNameIt() throws Exception {
    try (Serving serving =
        new Serving(Transport.IN_PROCESS, NodeAuthenticator.everyone(), Duration.ofMillis(200))) {
      serving.store.publish("front", ONE);
      Station node = new Station(serving.channel);
      node.ask(CLUSTER, "a");
      node.accept(node.take(CLUSTER), "a");

      serving.store.publish("front", Snapshot.builder().add(routes("r", "a")).build());

      assertThat(names(node.take(CLUSTER))).isEmpty();
    }
  }

  @Test
  void keepsOldClustersForANodeThatRefusedTheNewRoutes() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = settled(serving);

      serving.store.publish(
          "front", Snapshot.builder().add(listener("in")).add(routes("r", "b")).build());
      node.refuse(node.take(ROUTES), "r: no such cluster: b", "r");
      Awaitility.await().until(() -> serving.nacks.size() == 1);
      node.ask(ENDPOINTS, "a");
      serving.store.publish(
          "front", Snapshot.builder().add(listener("in")).add(routes("r", "c")).build());

      assertThat(names(node.take(ROUTES))).containsExactly("r");
      assertThat(node.unread()).as("no removal of cluster a").isZero();
    }
  }

  @Test
  void reportsARefusalOnceWithTheResourcesThatTheNodeNames() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish(
          "front", Snapshot.builder().add(listener("in")).add(listener("out")).build());
      Station node = new Station(serving.channel);
      node.ask(LISTENER);

      node.refuse(node.take(LISTENER), "Error adding listener(s) out: bad access log");

      Awaitility.await().until(() -> !serving.nacks.isEmpty());
      assertThat(serving.nacks)
          .containsExactly(
              new Nack(
                  Serving.node().getId(),
                  "front",
                  LISTENER,
                  List.of("out"),
                  "Error adding listener(s) out: bad access log"));
      assertThat(node.unread()).isZero();
    }
  }

  @Test
  void sendsEndpointsAgainForAClusterThatChanged() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = settled(serving);

      serving.store.publish("front", ONE.with(CLUSTER, List.of(cluster("a", 7))));
      node.accept(node.take(CLUSTER));

      assertThat(names(node.take(ENDPOINTS))).containsExactly("a");
    }
  }

  @Test
  void answersANodeThatAsksForTheSameEndpointsAgain() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = settled(serving);

      node.accept(lastEndpoints, "a");

      assertThat(names(node.take(ENDPOINTS))).containsExactly("a");
    }
  }

  @Test
  void ignoresAnAnswerToAnOlderResponse() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      Station node = settled(serving);
      DiscoveryResponse old = lastEndpoints;
      serving.store.publish(
          "front", ONE.with(ENDPOINTS, List.of(endpoints("a", "10.0.0.1", "10.0.0.2"))));
      DiscoveryResponse latest = node.take(ENDPOINTS);

      node.refuse(old, "too late", "a");
      node.accept(latest, "a");
      serving.store.publish("front", ONE);

      node.take(ENDPOINTS);
      assertThat(serving.nacks).isEmpty();
    }
  }

  @Test
  void servesListenersByNameAndAnswersEvenIfThereAreNone() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish(
          "front", Snapshot.builder().add(listener("greeter")).add(listener("other")).build());
      Station node = new Station(serving.channel);
      node.ask(LISTENER, "greeter");
      assertThat(names(node.take(LISTENER))).containsExactly("greeter");
      Station stranger = new Station(serving.channel);

      stranger.ask(LISTENER, "absent");

      assertThat(names(stranger.take(LISTENER))).isEmpty();
    }
  }

  @Test
  void goesOnWithoutANodeThatDoesNotAnswer() throws Exception {
    try (Serving serving =
        new Serving(Transport.IN_PROCESS, NodeAuthenticator.everyone(), Duration.ofMillis(200))) {
      serving.store.publish("front", ONE);
      Station node = new Station(serving.channel);

      node.ask(CLUSTER);
      node.ask(LISTENER);
      node.take(CLUSTER);

      assertThat(names(node.take(LISTENER))).containsExactly("in");
    }
  }

  @Test
  void endsAStreamWhoseTokenIsNotForThatNode() throws Exception {
    try (Serving serving =
        new Serving(
            Transport.NETTY,
            (node, token) -> token.equals(java.util.Optional.of("good")),
            AdsServer.DEFAULT_PATIENCE)) {
      Station node = new Station(serving.channel);

      node.ask(CLUSTER);

      assertThat(node.end.get(20, TimeUnit.SECONDS).getCode())
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(serving.server.connected()).isEmpty();
    }
  }

  private DiscoveryResponse lastEndpoints = DiscoveryResponse.getDefaultInstance();

  /** A node that has accepted all of {@link #ONE}. */
  private Station settled(Serving serving) throws Exception {
    serving.store.publish("front", ONE);
    Station node = new Station(serving.channel);
    node.ask(CLUSTER);
    node.accept(node.take(CLUSTER));
    node.ask(ENDPOINTS, "a");
    lastEndpoints = node.take(ENDPOINTS);
    node.accept(lastEndpoints, "a");
    node.ask(LISTENER);
    node.accept(node.take(LISTENER));
    node.ask(ROUTES, "r");
    node.accept(node.take(ROUTES), "r");
    Awaitility.await()
        .until(
            () ->
                serving.server.connected().getFirst().accepted().get(ROUTES)
                        instanceof String version
                    && version.equals(ONE.version(ROUTES)));
    return node;
  }
}
