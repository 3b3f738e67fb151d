package heddle.xds.grpc;

import static heddle.xds.grpc.Resources.cluster;
import static heddle.xds.grpc.Resources.endpoints;
import static heddle.xds.grpc.Resources.listener;
import static heddle.xds.grpc.Resources.maxRequests;
import static heddle.xds.grpc.Resources.retried;
import static heddle.xds.grpc.Resources.routes;
import static heddle.xds.grpc.Resources.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import heddle.xds.ResourceType;
import heddle.xds.grpc.Client.Reply;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.grpc.Status;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** gRPC's own xDS client, served by Heddle, does what the resources say. */
class GrpcClientSpec {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void reachesAHostByTheNameOfAListener() throws Exception {
    try (Client client = new Client();
        Host host = new Host("a")) {
      client.publish(serving(client, to("a")).add(cluster("a")).add(endpoints("a", host)));

      assertThat(client.call(10)).containsOnly("a");
      assertThat(client.nacks).isEmpty();
    }
  }

  @Test
  void isSentOnlyWhatItNames() throws Exception {
    try (Client client = new Client();
        Host host = new Host("a")) {
      Cluster refused = cluster("static").toBuilder().setType(Cluster.DiscoveryType.STATIC).build();
      client.publish(
          serving(client, to("a"))
              .add(Listener.newBuilder().setName("10.0.0.1_80").build())
              .add(refused)
              .add(cluster("a"))
              .add(endpoints("a", host)));

      assertThat(client.call(10)).containsOnly("a");
      assertThat(client.nacks).as("it would refuse what it does not name").isEmpty();
    }
  }

  @Test
  void sharesCallsByWeightAndFollowsNewWeightsWithoutAFailure() throws Exception {
    try (Client client = new Client();
        Host a = new Host("a");
        Host b = new Host("b")) {
      client.publish(weighted(client, a, 90, b, 10));
      assertThat(shareOf("b", client.call(2000))).isCloseTo(0.1, within(fiveSigma(0.1, 2000)));

      client.publish(weighted(client, a, 20, b, 80));

      await().atMost(PATIENCE).until(() -> shareOf("b", client.call(100)) > 0.5);
      assertThat(shareOf("b", client.call(2000))).isCloseTo(0.8, within(fiveSigma(0.8, 2000)));
    }
  }

  private static Snapshot.Builder weighted(Client client, Host a, int ofA, Host b, int ofB) {
    return serving(client, to("a", ofA, "b", ofB))
        .add(cluster("a"))
        .add(cluster("b"))
        .add(endpoints("a", a))
        .add(endpoints("b", b));
  }

  private static double shareOf(String host, List<String> answers) {
    return (double) Collections.frequency(answers, host) / answers.size();
  }

  /** A share that is right is further off than this once in more than a million times. */
  private static double fiveSigma(double share, int calls) {
    return 5 * Math.sqrt(share * (1 - share) / calls);
  }

  @Test
  void retriesUnavailableAsOftenAsTheRouteSays() throws Exception {
    try (Client client = new Client();
        Host host = new Host("a")) {
      client.publish(
          serving(client, retried(to("a"), 2)).add(cluster("a")).add(endpoints("a", host)));
      host.behave(
          (call, ok, observer) -> {
            if (call % 3 == 0) {
              ok.run();
            } else {
              Host.Behaviour.failing().answer(call, ok, observer);
            }
          });
      assertThat(client.call(5)).containsOnly("a");
      assertThat(host.calls).hasValue(15);

      host.behave(Host.Behaviour.failing());
      assertThat(client.call().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(host.calls).hasValue(18);
    }
  }

  @Test
  void doesNotRetryWhereTheRouteDoesNotSaySo() throws Exception {
    try (Client client = new Client();
        Host host = new Host("a")) {
      client.publish(serving(client, to("a")).add(cluster("a")).add(endpoints("a", host)));
      host.behave(Host.Behaviour.failing());

      assertThat(client.call().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(host.calls).hasValue(1);
    }
  }

  enum Ejection {
    FAILURE_PERCENTAGE(Resources::ejectingByFailurePercentage),
    SUCCESS_RATE(Resources::ejectingBySuccessRate);

    private final UnaryOperator<Cluster> policy;

    Ejection(UnaryOperator<Cluster> policy) {
      this.policy = policy;
    }
  }

  @ParameterizedTest
  @EnumSource(Ejection.class)
  void ejectsASickHostAndTakesItBack(Ejection ejection) throws Exception {
    try (Client client = new Client();
        Host a = new Host("a");
        Host b = new Host("b");
        Host c = new Host("c");
        Host sick = new Host("sick")) {
      client.publish(
          serving(client, to("shop"))
              .add(ejection.policy.apply(cluster("shop")))
              .add(endpoints("shop", a, b, c, sick)));
      await().atMost(PATIENCE).until(() -> Set.copyOf(client.call(16)).size() == 4);

      sick.behave(Host.Behaviour.failing());
      await().atMost(PATIENCE).until(() -> failures(client, 40) == 0);
      assertThat(sick.calls).as("failures that led to it").hasPositiveValue();

      sick.behave(Host.Behaviour.answering());
      await().atMost(PATIENCE).until(() -> client.call(8).contains("sick"));
    }
  }

  private static int failures(Client client, int calls) {
    int failures = 0;
    for (int i = 0; i < calls; i++) {
      failures += client.call().status().isOk() ? 0 : 1;
    }
    return failures;
  }

  @Test
  void failsACallAboveTheLimitOfRequests() throws Exception {
    try (Client client = new Client();
        Host host = new Host("a")) {
      client.publish(
          serving(client, to("a")).add(maxRequests(cluster("a"), 1)).add(endpoints("a", host)));
      CountDownLatch arrived = new CountDownLatch(1);
      CountDownLatch leave = new CountDownLatch(1);
      host.behave(
          (call, ok, observer) -> {
            arrived.countDown();
            try {
              leave.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            ok.run();
          });
      CompletableFuture<Reply> first = CompletableFuture.supplyAsync(client::call);
      arrived.await();

      Status second = client.call().status();
      leave.countDown();

      assertThat(second.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(host.calls).as("the second call never left").hasValue(1);
      assertThat(first.get().host()).isEqualTo("a");
      await().atMost(PATIENCE).until(() -> client.call().status().isOk());
    }
  }

  @Test
  void losesNoCallWhileHostsComeAndGo() throws Exception {
    try (Client client = new Client();
        Host a = new Host("a");
        Traffic traffic = new Traffic(client, 4)) {
      Host present = a;
      client.publish(serving(client, to("shop")).add(cluster("shop")).add(endpoints("shop", a)));
      traffic.start();
      for (int round = 0; round < 5; round++) {
        Host last = present;
        Host next = new Host("b" + round);
        client.publish(
            serving(client, to("shop")).add(cluster("shop")).add(endpoints("shop", last, next)));
        await().atMost(PATIENCE).until(() -> next.calls.get() > 0);
        client.publish(
            serving(client, to("shop")).add(cluster("shop")).add(endpoints("shop", next)));
        await().atMost(PATIENCE).until(() -> !client.call(20).contains(last.name));
        last.stop();
        present = next;
      }
      assertThat(traffic.failures()).isEmpty();
      present.close();
    }
  }

  @Test
  void losesNoCallWhileOneClusterTakesTheOthersPlace() throws Exception {
    try (Client client = new Client();
        Host a = new Host("a");
        Host b = new Host("b");
        Traffic traffic = new Traffic(client, 4)) {
      client.publish(serving(client, to("a")).add(cluster("a")).add(endpoints("a", a)));
      traffic.start();
      for (int round = 0; round < 20; round++) {
        Host next = round % 2 == 0 ? b : a;
        client.publish(
            serving(client, to(next.name)).add(cluster(next.name)).add(endpoints(next.name, next)));
        await().atMost(PATIENCE).until(() -> client.call().host().equals(next.name));
      }
      assertThat(traffic.failures()).isEmpty();
    }
  }

  @Test
  void goesOnWithWhatItHasWhenItRefusesAClusterAndTheServerHearsWhy() throws Exception {
    try (Client client = new Client();
        Host host = new Host("a")) {
      client.publish(serving(client, to("a")).add(cluster("a")).add(endpoints("a", host)));
      assertThat(client.call(1)).containsOnly("a");

      client.publish(
          serving(client, to("a"))
              .add(cluster("a").toBuilder().setType(Cluster.DiscoveryType.STRICT_DNS).build())
              .add(endpoints("a", host)));

      await().atMost(PATIENCE).until(() -> !client.nacks.isEmpty());
      assertThat(client.nacks.getFirst().type()).isEqualTo(ResourceType.CLUSTER);
      assertThat(client.nacks.getFirst().resources()).containsExactly("a");
      assertThat(client.nacks.getFirst().message()).containsIgnoringCase("strict_dns");
      assertThat(client.call(10)).containsOnly("a");
    }
  }

  private static Snapshot.Builder serving(Client client, RouteAction action) {
    return Snapshot.builder().add(listener(client.name)).add(routes(client.name, action));
  }
}
