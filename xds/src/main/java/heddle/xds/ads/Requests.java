package heddle.xds.ads;

import com.google.rpc.Status;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one protocol's requests into a stream's state. */
abstract class Requests<Q> implements StreamObserver<Q> {
  /** The name that stands for every resource of a type. */
  static final String WILDCARD = "*";

  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private final AdsServer server;
  private final AdsStream stream;
  private final StreamObserver<?> responses;

  Requests(AdsServer server, AdsStream stream, StreamObserver<?> responses) {
    this.server = server;
    this.stream = stream;
    this.responses = responses;
  }

  /**
   * What requests of both protocols say.
   *
   * @param nonce of the response that is answered; empty when it answers none
   * @param error why that response is refused, or null
   */
  record Head(Node node, String typeUrl, String nonce, @Nullable String error) {
    static Head of(Node node, String typeUrl, String nonce, boolean refuses, Status error) {
      return new Head(node, typeUrl, nonce, refuses ? error.getMessage() : null);
    }
  }

  abstract Head head(Q request);

  /**
   * Takes in an answer and what is asked for.
   *
   * @return false if the request is stale and means nothing
   */
  abstract boolean take(AdsStream stream, TypeState state, Head head, Q request);

  @Override
  public final void onNext(Q request) {
    stream.run(() -> handle(request));
  }

  private void handle(Q request) {
    Head head = head(request);
    if (!stream.identify(head.node())) {
      return;
    }
    Optional<ResourceType> type = ResourceType.ofTypeUrl(head.typeUrl());
    if (type.isEmpty()) {
      LOG.debug("{} is asked for, but nothing of it is served", head.typeUrl());
    } else if (take(stream, stream.state(type.get()), head, request)) {
      stream.advance();
    }
  }

  @Override
  public final void onError(Throwable problem) {
    LOG.debug("an ADS stream ended: {}", problem.toString());
    server.forget(stream);
  }

  @Override
  public final void onCompleted() {
    server.forget(stream);
    responses.onCompleted();
  }
}
