package heddle.xds.ads;

import heddle.xds.NodeName;
import heddle.xds.ResourceType;
import heddle.xds.ads.Wire.Update;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one node. Everything runs on the stream's serial executor; each event ends in
 * {@link #advance}, which sends the first step that the node lacks and waits for its answer.
 */
final class AdsStream {
  private static final Logger LOG = LoggerFactory.getLogger(AdsStream.class);

  private final AdsServer server;
  private final Wire wire;
  private final Optional<String> token;
  private final SerialExecutor serial;
  private final Map<ResourceType, TypeState> states = new EnumMap<>(ResourceType.class);
  private @Nullable Node node;

  /** Of its snapshot; changed by the serial executor only. */
  private volatile String key = "";

  private boolean closed;
  private long responses;

  private final UpdateOrder order = new UpdateOrder(this::state, this::send);
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable Future<?> patience;
  private boolean outOfPatience;

  /** Someone who waits until the node is up to date. */
  private record Waiting(ResourceType type, CompletableFuture<Void> done) {
    boolean over() {
      return done.complete(null);
    }
  }

  AdsStream(AdsServer server, Wire wire, Optional<String> token) {
    this.server = server;
    this.wire = wire;
    this.token = token;
    this.serial = new SerialExecutor(server.threads());
    for (ResourceType type : ResourceType.values()) {
      states.put(type, new TypeState(type));
    }
  }

  /** Runs something that touches the stream's state, in order. */
  void run(Runnable event) {
    serial.execute(
        () -> {
          if (!closed) {
            event.run();
          }
        });
  }

  /** The snapshot under some key changed. A stream that is about to get the key will see that. */
  void snapshotChanged(String changedKey) {
    if (key.isEmpty() || key.equals(changedKey)) {
      run(
          () -> {
            assign();
            advance();
          });
    }
  }

  /** The node may have been given another snapshot. */
  void reassigned() {
    run(
        () -> {
          String before = key;
          assign();
          if (!key.equals(before)) {
            advance();
          }
        });
  }

  void closed() {
    serial.execute(
        () -> {
          closed = true;
          calm();
          tellWhoWaits();
          Node known = node;
          if (known != null) {
            server.left(known.getId());
          }
        });
  }

  /** Completes once the node has accepted all that is published of a type, or is gone. */
  CompletableFuture<Void> settled(ResourceType type) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    serial.execute(
        () -> {
          waiting.add(new Waiting(type, done));
          tellWhoWaits();
        });
    return done;
  }

  private void tellWhoWaits() {
    waiting.removeIf(
        one -> (closed || snapshot().map(state(one.type())::settled).orElse(true)) && one.over());
  }

  private Optional<Snapshot> snapshot() {
    return key.isEmpty() ? Optional.empty() : server.store().get(key);
  }

  TypeState state(ResourceType type) {
    TypeState state = states.get(type);
    if (state == null) {
      throw new IllegalStateException("no state for " + type);
    }
    return state;
  }

  /**
   * Takes the node from the stream's first request.
   *
   * @return false if the stream was ended because the node may not use it
   */
  boolean identify(Node announced) {
    if (node != null) {
      return true;
    }
    if (announced.getId().isEmpty()) {
      end(Status.INVALID_ARGUMENT.withDescription("the first request has no node.id"));
      return false;
    }
    if (!server.authenticator().accepts(NodeName.parse(announced.getId()), token)) {
      end(
          (token.isPresent() ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED)
              .withDescription("the token does not allow node " + announced.getId()));
      return false;
    }
    node = announced;
    assign();
    return true;
  }

  void end(Status status) {
    closed = true;
    calm();
    server.forget(this);
    wire.fail(status);
  }

  Optional<ConnectedNode> describe() {
    Node known = node;
    if (known == null) {
      return Optional.empty();
    }
    Map<ResourceType, String> accepted = new EnumMap<>(ResourceType.class);
    states.forEach((type, state) -> accepted.put(type, state.acceptedVersion));
    return Optional.of(new ConnectedNode(known.getId(), key, wire.delta(), accepted));
  }

  /** Its node and what that has; empty while the node is unknown, and once the stream has ended. */
  CompletableFuture<Optional<StreamStatus>> status() {
    CompletableFuture<Optional<StreamStatus>> status = new CompletableFuture<>();
    serial.execute(
        () -> {
          Node known = closed ? null : node;
          status.complete(
              known == null
                  ? Optional.empty()
                  : Optional.of(StreamStatus.of(known.getId(), key, states.values())));
        });
    return status;
  }

  private void assign() {
    Node known = node;
    if (known != null) {
      key = server.assignment().snapshotFor(known).orElse(key);
    }
  }

  /** The node answered a response; an error message makes it a refusal. */
  void answered(TypeState state, @Nullable String error) {
    Node known = node;
    if (!state.awaitingAck || known == null) {
      return;
    }
    state.awaitingAck = false;
    state.rejected = error != null;
    state.refusal = error == null ? "" : error;
    if (error == null) {
      state.acceptedVersion = state.offeredVersion;
      server.nacks().accepted(known.getId(), key, state.type);
      return;
    }
    Nack nack = Nack.of(known.getId(), key, state.type, state.offeredNames, error);
    LOG.warn("node {} refused {} {}: {}", known.getId(), state.type, nack.resources(), error);
    server.nacks().rejected(nack);
  }

  /** Sends what the node lacks, step by step, as far as its answers allow. */
  void advance() {
    Optional<Snapshot> target = snapshot();
    if (closed || target.isEmpty()) {
      return;
    }
    boolean heldUp = !order.advance(target.get(), outOfPatience);
    if (heldUp && !outOfPatience) {
      beginToWait();
    } else if (!heldUp) {
      calm();
    }
    tellWhoWaits();
  }

  private boolean send(
      TypeState state,
      String version,
      SortedMap<String, VersionedResource> all,
      List<VersionedResource> changed) {
    List<String> removed = new ArrayList<>(state.surplus(all));
    state.unknownAsked.removeAll(all.keySet());
    removed.addAll(state.unknownAsked);
    Update update =
        new Update(
            state.type, version, Long.toString(responses + 1), all.values(), changed, removed);
    boolean sends = state.answerOwed || wire.carries(update);
    state.sent.keySet().removeAll(removed);
    if (!sends) {
      return false;
    }
    responses++;
    state.unknownAsked.clear();
    state.answerOwed = false;
    state.awaitingAck = true;
    state.nonce = update.nonce();
    state.offeredVersion = version;
    state.offeredNames = names(changed);
    changed.forEach(resource -> state.sent.put(resource.name(), resource.version()));
    LOG.debug("to {}: {} {} changed {}", key, state.type, version, state.offeredNames);
    wire.send(update);
    return true;
  }

  private static List<String> names(Collection<VersionedResource> resources) {
    return resources.stream().map(VersionedResource::name).toList();
  }

  private void beginToWait() {
    if (patience == null) {
      patience =
          server
              .timer()
              .schedule(
                  () ->
                      run(
                          () -> {
                            LOG.info("node {} holds up an update; it goes on without it", key);
                            outOfPatience = true;
                            advance();
                          }),
                  server.patience().toNanos(),
                  TimeUnit.NANOSECONDS);
    }
  }

  private void calm() {
    outOfPatience = false;
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
  }
}
