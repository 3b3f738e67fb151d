package heddle.xds.ads;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads the state-of-the-world protocol's requests into a stream's state. */
final class SotwRequests extends Requests<DiscoveryRequest> {

  SotwRequests(AdsServer server, AdsStream stream, StreamObserver<?> responses) {
    super(server, stream, responses);
  }

  @Override
  Head head(DiscoveryRequest request) {
    return Head.of(
        request.getNode(),
        request.getTypeUrl(),
        request.getResponseNonce(),
        request.hasErrorDetail(),
        request.getErrorDetail());
  }

  @Override
  boolean take(AdsStream stream, TypeState state, Head head, DiscoveryRequest request) {
    boolean first = !state.subscribed;
    boolean answers = !first && !head.nonce().isEmpty();
    if (answers && !head.nonce().equals(state.nonce)) {
      return false; // The answer to the newest response repeats what it asks for.
    }
    boolean again = !state.awaitingAck && !first;
    if (answers) {
      stream.answered(state, head.error());
    }
    subscribe(state, new LinkedHashSet<>(request.getResourceNamesList()), again);
    return true;
  }

  /**
   * Takes the full list of names.
   *
   * @param again whether the request answers nothing; if it also asks for the same names, the node
   *     has lost what it had (a cluster that warms up anew) and gets all of it once more
   */
  private static void subscribe(TypeState state, Set<String> asked, boolean again) {
    boolean neverNamed = !state.subscribed || (state.wildcard && state.names.isEmpty());
    boolean wildcard =
        asked.remove(WILDCARD) || (asked.isEmpty() && neverNamed && state.type.completeSet());
    boolean same = state.names.equals(asked) && state.wildcard == wildcard;
    if (again && same) {
      if (!state.type.completeSet()) {
        state.sent.keySet().removeAll(asked);
      }
      return;
    }
    boolean first = !state.subscribed;
    if (wildcard && !state.wildcard) {
      state.sent.clear();
    }
    for (String name : asked) {
      if (!state.names.contains(name)) {
        state.sent.remove(name);
      }
    }
    state.subscribed = true;
    state.wildcard = wildcard;
    state.names.clear();
    state.names.addAll(asked);
    if (!state.type.completeSet()) {
      state.sent.keySet().retainAll(asked);
    }
    boolean empty = !wildcard && asked.isEmpty();
    state.answerOwed |= first && state.type.completeSet() && !empty;
  }
}
