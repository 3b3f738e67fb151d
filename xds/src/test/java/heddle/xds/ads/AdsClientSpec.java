package heddle.xds.ads;

import static heddle.xds.Fixtures.cluster;
import static heddle.xds.Fixtures.endpoints;
import static heddle.xds.Fixtures.listener;
import static heddle.xds.Fixtures.routes;
import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient.Update;
import heddle.xds.ads.AdsClient.Verdict;
import heddle.xds.ads.Serving.Transport;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdsClientSpec {

  private static final Backoff QUICK = new Backoff(Duration.ofMillis(5), Duration.ofMillis(50));

  @ParameterizedTest
  @EnumSource(Transport.class)
  void receivesEveryTypeAndFollowsChanges(Transport transport) throws Exception {
    try (Serving serving = new Serving(transport)) {
      serving.store.publish("front", snapshot("a", "10.0.0.1"));
      Receiver receiver = new Receiver(update -> Verdict.accepted());
      try (AdsClient client = AdsClient.start(serving.channel, Serving.node(), receiver)) {
        client.subscribeAll(ResourceType.CLUSTER);
        assertThat(receiver.take().resources()).containsOnlyKeys("a");
        client.subscribe(ResourceType.ENDPOINTS, Set.of("a"));
        assertThat(receiver.take().complete()).isFalse();
        client.subscribeAll(ResourceType.LISTENER);
        assertThat(receiver.take().complete()).isTrue();
        client.subscribe(ResourceType.ROUTES, Set.of("r"));
        assertThat(receiver.take().resources()).containsEntry("r", routes("r", "a"));

        serving.store.publish("front", snapshot("a", "10.0.0.2"));

        Update moved = receiver.take();
        assertThat(moved.type()).isEqualTo(ResourceType.ENDPOINTS);
        assertThat(moved.resources()).containsEntry("a", endpoints("a", "10.0.0.2"));
      }
    }
  }

  @Test
  void asksForEndpointsFromWithinTheListenerAndGetsWholeConfigurationsInOrder() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", snapshot("a", "10.0.0.1"));
      FollowsClusters follower = new FollowsClusters();
      try (AdsClient client = AdsClient.start(serving.channel, Serving.node(), follower)) {
        follower.client = client;
        client.subscribeAll(ResourceType.CLUSTER);
        client.subscribeAll(ResourceType.LISTENER);
        client.subscribe(ResourceType.ROUTES, Set.of("r"));
        follower.expect(
            ResourceType.CLUSTER,
            ResourceType.ENDPOINTS,
            ResourceType.LISTENER,
            ResourceType.ROUTES);

        serving.store.publish("front", snapshot("b", "10.0.0.2"));

        follower.expect(
            ResourceType.CLUSTER,
            ResourceType.ENDPOINTS,
            ResourceType.ROUTES,
            ResourceType.CLUSTER);
        Awaitility.await().until(() -> follower.clusters.equals(Set.of("b")));
      }
    }
  }

  @Test
  void turnsARefusalAndAnExceptionIntoNacks() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", snapshot("a", "10.0.0.1"));
      Receiver receiver =
          new Receiver(
              update ->
                  switch (update.type()) {
                    case CLUSTER -> Verdict.rejected("cluster a: not today");
                    default -> throw new IllegalStateException("listener in: broken");
                  });
      try (AdsClient client = AdsClient.start(serving.channel, Serving.node(), receiver)) {
        client.subscribeAll(ResourceType.CLUSTER);
        client.subscribeAll(ResourceType.LISTENER);

        Awaitility.await().until(() -> serving.nacks.size() == 2);
        assertThat(serving.nacks)
            .extracting(Nack::message)
            .containsExactlyInAnyOrder(
                "cluster a: not today", "java.lang.IllegalStateException: listener in: broken");
      }
    }
  }

  @Test
  void presentsItsToken() throws Exception {
    BlockingQueue<Optional<String>> tokens = new LinkedBlockingQueue<>();
    try (Serving serving =
        new Serving(
            Transport.NETTY, (node, token) -> tokens.add(token), AdsServer.DEFAULT_PATIENCE)) {
      Receiver receiver = new Receiver(update -> Verdict.accepted());
      try (AdsClient client =
          AdsClient.builder(serving.channel, Serving.node(), receiver)
              .token(() -> "secret")
              .start()) {
        client.subscribeAll(ResourceType.CLUSTER);

        assertThat(tokens.poll(20, TimeUnit.SECONDS)).contains("secret");
      }
    }
  }

  @Test
  void connectsAgainAndSubscribesAnewWhenTheServerComesBack() throws Exception {
    Receiver receiver = new Receiver(update -> Verdict.accepted());
    InetSocketAddress address;
    Snapshot snapshot = snapshot("a", "10.0.0.1");
    ManagedChannel channel;
    AdsClient client;
    try (Serving first = new Serving(Transport.NETTY)) {
      first.store.publish("front", snapshot);
      address =
          first.server.listen(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              InsecureServerCredentials.create());
      channel =
          NettyChannelBuilder.forAddress(address, InsecureChannelCredentials.create()).build();
      client =
          AdsClient.builder(channel, Serving.node(), receiver)
              .backoff(QUICK, new Random(1))
              .start();
      client.subscribeAll(ResourceType.CLUSTER);
      receiver.take();
    }
    try (Serving second = new Serving(Transport.NETTY)) {
      assertThat(receiver.lost.poll(20, TimeUnit.SECONDS)).isNotNull();
      second.store.publish("front", snapshot("b", "10.0.0.1"));
      second.server.listen(address, InsecureServerCredentials.create());
      channel.resetConnectBackoff();

      assertThat(receiver.take().resources()).containsOnlyKeys("b");
    } finally {
      client.close();
      channel.shutdownNow();
    }
  }

  @Test
  void waitsLongerEachTimeUpToTheCeiling() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    Random almostOne =
        new Random() {
          @Override
          public double nextDouble() {
            return 1.0;
          }
        };

    assertThat(backoff.before(1, almostOne)).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.before(3, almostOne)).isEqualTo(Duration.ofSeconds(2));
    assertThat(backoff.before(1000, almostOne)).isEqualTo(Duration.ofSeconds(30));
  }

  private static Snapshot snapshot(String cluster, String address) {
    return Snapshot.builder()
        .add(cluster(cluster))
        .add(endpoints(cluster, address))
        .add(listener("in"))
        .add(routes("r", cluster))
        .build();
  }

  private static class Receiver implements AdsClient.Listener {
    private final BlockingQueue<Update> updates = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> lost = new LinkedBlockingQueue<>();
    private final Function<Update, Verdict> judge;

    Receiver(Function<Update, Verdict> judge) {
      this.judge = judge;
    }

    @Override
    public Verdict received(Update update) {
      updates.add(update);
      return judge.apply(update);
    }

    @Override
    public void disconnected(Status status) {
      lost.add(status);
    }

    Update take() throws InterruptedException {
      Update update = updates.poll(20, TimeUnit.SECONDS);
      assertThat(update).as("an update").isNotNull();
      return update;
    }
  }

  /** Subscribes to the endpoints of the clusters it is told of, as a proxy does. */
  private static final class FollowsClusters implements AdsClient.Listener {
    private final BlockingQueue<ResourceType> types = new LinkedBlockingQueue<>();
    private volatile AdsClient client;
    private volatile Set<String> clusters = Set.of();

    @Override
    public Verdict received(Update update) {
      types.add(update.type());
      if (update.type() == ResourceType.CLUSTER) {
        update
            .resources()
            .values()
            .forEach(message -> assertThat(message).isInstanceOf(Cluster.class));
        clusters = update.resources().keySet();
        client.subscribe(ResourceType.ENDPOINTS, clusters);
      }
      return Verdict.accepted();
    }

    void expect(ResourceType... expected) throws InterruptedException {
      for (ResourceType type : expected) {
        assertThat(types.poll(20, TimeUnit.SECONDS)).isEqualTo(type);
      }
    }
  }
}
