package heddle.xds.ads;

import static heddle.xds.ads.SotwRequests.WILDCARD;

import heddle.xds.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the incremental protocol's requests into a stream's state. */
final class DeltaRequests implements StreamObserver<DeltaDiscoveryRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(DeltaRequests.class);

  private final AdsServer server;
  private final AdsStream stream;
  private final StreamObserver<?> responses;

  DeltaRequests(AdsServer server, AdsStream stream, StreamObserver<?> responses) {
    this.server = server;
    this.stream = stream;
    this.responses = responses;
  }

  @Override
  public void onNext(DeltaDiscoveryRequest request) {
    stream.run(() -> handle(request));
  }

  private void handle(DeltaDiscoveryRequest request) {
    if (!stream.identify(request.getNode())) {
      return;
    }
    Optional<ResourceType> type = ResourceType.ofTypeUrl(request.getTypeUrl());
    if (type.isEmpty()) {
      LOG.debug("{} is asked for, but nothing of it is served", request.getTypeUrl());
      return;
    }
    TypeState state = stream.state(type.get());
    if (!request.getResponseNonce().isEmpty() && request.getResponseNonce().equals(state.nonce)) {
      stream.answered(
          state, request.hasErrorDetail() ? request.getErrorDetail().getMessage() : null);
    }
    subscribe(state, request);
    stream.advance();
  }

  private static void subscribe(TypeState state, DeltaDiscoveryRequest request) {
    boolean first = !state.subscribed;
    Map<String, String> held = first ? request.getInitialResourceVersionsMap() : Map.of();
    state.subscribed = true;
    state.sent.putAll(held);
    for (String name : request.getResourceNamesSubscribeList()) {
      if (name.equals(WILDCARD)) {
        state.wildcard = true;
        state.answerOwed = true;
        continue;
      }
      state.names.add(name);
      if (!held.containsKey(name)) {
        state.sent.remove(name);
        state.unknownAsked.add(name);
      }
    }
    if (first && request.getResourceNamesSubscribeCount() == 0 && state.type.completeSet()) {
      state.wildcard = true;
      state.answerOwed = true;
    }
    for (String name : request.getResourceNamesUnsubscribeList()) {
      if (name.equals(WILDCARD)) {
        state.wildcard = false;
      }
      state.names.remove(name);
      state.unknownAsked.remove(name);
      state.sent.remove(name);
    }
    if (!state.wildcard) {
      state.sent.keySet().retainAll(state.names);
    }
  }

  @Override
  public void onError(Throwable problem) {
    LOG.debug("an ADS stream ended: {}", problem.toString());
    server.forget(stream);
  }

  @Override
  public void onCompleted() {
    server.forget(stream);
    responses.onCompleted();
  }
}
