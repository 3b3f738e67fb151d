package heddle.xds.ads;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** Reads the incremental protocol's requests into a stream's state. */
final class DeltaRequests extends Requests<DeltaDiscoveryRequest> {

  DeltaRequests(AdsServer server, AdsStream stream, StreamObserver<?> responses) {
    super(server, stream, responses);
  }

  @Override
  Head head(DeltaDiscoveryRequest request) {
    return Head.of(
        request.getNode(),
        request.getTypeUrl(),
        request.getResponseNonce(),
        request.hasErrorDetail(),
        request.getErrorDetail());
  }

  @Override
  boolean take(AdsStream stream, TypeState state, Head head, DeltaDiscoveryRequest request) {
    if (!head.nonce().isEmpty() && head.nonce().equals(state.nonce)) {
      stream.answered(state, head.error());
    }
    subscribe(state, request);
    return true;
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
}
