package heddle.xds.ads;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node that speaks the state-of-the-world protocol word by word. */
final class Station {
  private final BlockingQueue<DiscoveryResponse> inbox = new LinkedBlockingQueue<>();
  final CompletableFuture<Status> end = new CompletableFuture<>();
  private final StreamObserver<DiscoveryRequest> requests;

  Station(Channel channel) {
    requests =
        AggregatedDiscoveryServiceGrpc.newStub(channel)
            .streamAggregatedResources(
                new StreamObserver<>() {
                  @Override
                  public void onNext(DiscoveryResponse response) {
                    inbox.add(response);
                  }

                  @Override
                  public void onError(Throwable problem) {
                    end.complete(Status.fromThrowable(problem));
                  }

                  @Override
                  public void onCompleted() {
                    end.complete(Status.OK);
                  }
                });
  }

  void ask(ResourceType type, String... names) {
    requests.onNext(
        DiscoveryRequest.newBuilder()
            .setNode(Serving.node())
            .setTypeUrl(type.typeUrl())
            .addAllResourceNames(List.of(names))
            .build());
  }

  /** Answers a response and asks for these names from now on. */
  void accept(DiscoveryResponse response, String... names) {
    requests.onNext(
        DiscoveryRequest.newBuilder()
            .setTypeUrl(response.getTypeUrl())
            .setVersionInfo(response.getVersionInfo())
            .setResponseNonce(response.getNonce())
            .addAllResourceNames(List.of(names))
            .build());
  }

  void refuse(DiscoveryResponse response, String message, String... names) {
    requests.onNext(
        DiscoveryRequest.newBuilder()
            .setTypeUrl(response.getTypeUrl())
            .setResponseNonce(response.getNonce())
            .addAllResourceNames(List.of(names))
            .setErrorDetail(com.google.rpc.Status.newBuilder().setCode(3).setMessage(message))
            .build());
  }

  void leave() {
    requests.onCompleted();
  }

  DiscoveryResponse take(ResourceType type) throws Exception {
    DiscoveryResponse response = inbox.poll(20, TimeUnit.SECONDS);
    assertThat(response).as("a response of type %s", type).isNotNull();
    assertThat(response.getTypeUrl()).isEqualTo(type.typeUrl());
    return response;
  }

  /**
   * What was sent and not taken. Ask for something else first, so that the server has caught up.
   */
  int unread() {
    return inbox.size();
  }

  static List<String> names(DiscoveryResponse response) throws Exception {
    ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElseThrow();
    List<String> names = new java.util.ArrayList<>();
    for (var packed : response.getResourcesList()) {
      names.add(type.nameOf(type.unpack(packed)));
    }
    return names;
  }
}
