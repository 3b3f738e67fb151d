package heddle.xds.ads;

import heddle.xds.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the state-of-the-world protocol's requests into a stream's state. */
final class SotwRequests implements StreamObserver<DiscoveryRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(SotwRequests.class);
  static final String WILDCARD = "*";

  private final AdsServer server;
  private final AdsStream stream;
  private final StreamObserver<?> responses;

  SotwRequests(AdsServer server, AdsStream stream, StreamObserver<?> responses) {
    this.server = server;
    this.stream = stream;
    this.responses = responses;
  }

  @Override
  public void onNext(DiscoveryRequest request) {
    stream.run(() -> handle(request));
  }

  private void handle(DiscoveryRequest request) {
    if (!stream.identify(request.getNode())) {
      return;
    }
    Optional<ResourceType> type = ResourceType.ofTypeUrl(request.getTypeUrl());
    if (type.isEmpty()) {
      LOG.debug("{} is asked for, but nothing of it is served", request.getTypeUrl());
      return;
    }
    TypeState state = stream.state(type.get());
    boolean first = !state.subscribed;
    boolean answers = !first && !request.getResponseNonce().isEmpty();
    if (answers && !request.getResponseNonce().equals(state.nonce)) {
      return; // Stale: the answer to the newest response repeats what it asks for.
    }
    boolean again = !state.awaitingAck && !first;
    if (answers) {
      stream.answered(
          state, request.hasErrorDetail() ? request.getErrorDetail().getMessage() : null);
    }
    subscribe(state, new LinkedHashSet<>(request.getResourceNamesList()), again);
    stream.advance();
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
