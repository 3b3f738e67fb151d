package heddle.xds.ads;

import static heddle.xds.Fixtures.cluster;
import static heddle.xds.Fixtures.endpoints;
import static heddle.xds.ResourceType.CLUSTER;
import static heddle.xds.ResourceType.ENDPOINTS;
import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ResourceType;
import heddle.xds.ads.Serving.Transport;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeltaSpec {

  private static final Snapshot TWO =
      Snapshot.builder()
          .add(cluster("a"))
          .add(cluster("b"))
          .add(endpoints("a", "10.0.0.1"))
          .add(endpoints("b", "10.0.0.2"))
          .build();

  @ParameterizedTest
  @EnumSource(Transport.class)
  void sendsOnlyWhatChangedAndNamesWhatWent(Transport transport) throws Exception {
    try (Serving serving = new Serving(transport)) {
      serving.store.publish("front", TWO);
      Deltas node = new Deltas(serving);
      node.ask(CLUSTER, List.of(), List.of(), Map.of());
      DeltaDiscoveryResponse all = node.take(CLUSTER);
      assertThat(names(all)).containsExactly("a", "b");
      node.accept(all);

      serving.store.publish(
          "front", Snapshot.builder().add(cluster("a")).add(cluster("c")).build());

      DeltaDiscoveryResponse change = node.take(CLUSTER);
      assertThat(names(change)).containsExactly("c");
      assertThat(change.getRemovedResourcesList()).containsExactly("b");
    }
  }

  @Test
  void sendsNothingThatAReturningNodeStillHas() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", TWO);
      String a = TWO.resource(ENDPOINTS, "a").orElseThrow().version();
      Deltas node = new Deltas(serving);

      node.ask(ENDPOINTS, List.of("a", "b"), List.of(), Map.of("a", a, "b", "old"));

      assertThat(names(node.take(ENDPOINTS))).containsExactly("b");
    }
  }

  @Test
  void answersAnUnknownNameAsRemoved() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", TWO);
      Deltas node = new Deltas(serving);

      node.ask(ENDPOINTS, List.of("a", "ghost"), List.of(), Map.of());

      DeltaDiscoveryResponse answer = node.take(ENDPOINTS);
      assertThat(names(answer)).containsExactly("a");
      assertThat(answer.getRemovedResourcesList()).containsExactly("ghost");
    }
  }

  @Test
  void forgetsANameThatIsNoLongerWanted() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", TWO);
      Deltas node = new Deltas(serving);
      node.ask(ENDPOINTS, List.of("a", "b"), List.of(), Map.of());
      node.accept(node.take(ENDPOINTS));

      node.ask(ENDPOINTS, List.of(), List.of("b"), Map.of());
      node.ask(CLUSTER, List.of("a"), List.of(), Map.of());
      node.accept(node.take(CLUSTER));
      serving.store.publish(
          "front",
          TWO.with(ENDPOINTS, List.of(endpoints("a", "10.0.0.8"), endpoints("b", "10.0.0.9"))));

      assertThat(names(node.take(ENDPOINTS))).containsExactly("a");
    }
  }

  @Test
  void reportsARefusal() throws Exception {
    try (Serving serving = new Serving(Transport.IN_PROCESS)) {
      serving.store.publish("front", TWO);
      Deltas node = new Deltas(serving);
      node.ask(CLUSTER, List.of("*"), List.of(), Map.of());

      node.refuse(node.take(CLUSTER), "b has no endpoints");

      Awaitility.await().until(() -> !serving.nacks.isEmpty());
      assertThat(serving.nacks.getFirst().message()).isEqualTo("b has no endpoints");
      assertThat(serving.nacks.getFirst().resources()).contains("b");
    }
  }

  private static List<String> names(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream().map(Resource::getName).sorted().toList();
  }

  /** A node that speaks the incremental protocol word by word. */
  private static final class Deltas {
    private final BlockingQueue<DeltaDiscoveryResponse> inbox = new LinkedBlockingQueue<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    Deltas(Serving serving) {
      requests =
          AggregatedDiscoveryServiceGrpc.newStub(serving.channel)
              .deltaAggregatedResources(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(DeltaDiscoveryResponse response) {
                      inbox.add(response);
                    }

                    @Override
                    public void onError(Throwable problem) {}

                    @Override
                    public void onCompleted() {}
                  });
    }

    void ask(
        ResourceType type, List<String> more, List<String> fewer, Map<String, String> versions) {
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setNode(Serving.node())
              .setTypeUrl(type.typeUrl())
              .addAllResourceNamesSubscribe(more)
              .addAllResourceNamesUnsubscribe(fewer)
              .putAllInitialResourceVersions(versions)
              .build());
    }

    void accept(DeltaDiscoveryResponse response) {
      requests.onNext(answer(response).build());
    }

    void refuse(DeltaDiscoveryResponse response, String message) {
      requests.onNext(
          answer(response)
              .setErrorDetail(com.google.rpc.Status.newBuilder().setCode(3).setMessage(message))
              .build());
    }

    private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
      return DeltaDiscoveryRequest.newBuilder()
          .setTypeUrl(response.getTypeUrl())
          .setResponseNonce(response.getNonce());
    }

    DeltaDiscoveryResponse take(ResourceType type) throws Exception {
      DeltaDiscoveryResponse response = inbox.poll(20, TimeUnit.SECONDS);
      assertThat(response).as("a response of type %s", type).isNotNull();
      assertThat(response.getTypeUrl()).isEqualTo(type.typeUrl());
      return response;
    }
  }
}
