package heddle.xds.ads;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes one node to an ADS server (state of the world) and hands over what comes, one response
 * at a time. Lost streams are made again, with back-off; what was received stays in force
 * meanwhile.
 *
 * <p>The channel stays the caller's. All methods may be called from any thread, also from within
 * the listener.
 */
public final class AdsClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdsClient.class);

  private final Channel channel;
  private final Node node;
  private final Listener listener;
  private final Supplier<String> token;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer;
  private final boolean ownsTimer;
  private final SerialExecutor serial =
      new SerialExecutor(Thread.ofVirtual().name("heddle-ads-client")::start);

  // Below: touched on the serial executor only.
  private final Map<ResourceType, Subscribed> subscriptions = new EnumMap<>(ResourceType.class);
  private @Nullable StreamObserver<DiscoveryRequest> stream;
  private long generation;
  private int failures;
  private boolean nodeSent;
  private volatile boolean closed;

  private AdsClient(Builder builder) {
    this.channel = builder.channel;
    this.node = builder.node;
    this.listener = builder.listener;
    this.token = builder.token;
    this.backoff = builder.backoff;
    this.random = builder.random;
    ScheduledExecutorService given = builder.timer;
    this.ownsTimer = given == null;
    this.timer =
        given != null
            ? given
            : Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("heddle-ads-client-timer").daemon().factory());
  }

  /**
   * Receives configuration. Calls never overlap and come in the order of the server's responses.
   */
  public interface Listener {
    /**
     * A response. The answer goes back to the server at once, so decide here; the work may go on
     * elsewhere. An exception counts as a refusal with its message.
     */
    Verdict received(Update update);

    /** A stream was opened; the server counts as connected once it answers. */
    default void connected() {}

    /** The stream is lost, or could not be opened; a new one will be tried. */
    default void disconnected(Status status) {}
  }

  /**
   * One response.
   *
   * @param version the server's version for the type
   * @param resources name to message, in the order they came
   * @param complete whether an absent resource is a deleted one
   */
  public record Update(
      ResourceType type, String version, Map<String, Message> resources, boolean complete) {
    public Update {
      resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
    }
  }

  /** The receiver's answer to an update. */
  public sealed interface Verdict {
    /** The update is in force: ACK. */
    static Verdict accepted() {
      return new Accepted();
    }

    /** The update, or part of it, is not in force: NACK. */
    static Verdict rejected(String message) {
      return new Rejected(message);
    }

    /** ACK. */
    record Accepted() implements Verdict {}

    /**
     * NACK.
     *
     * @param message names the resources and says what is wrong with them
     */
    record Rejected(String message) implements Verdict {}
  }

  /** Connects without a token, with Envoy's back-off. Nothing is subscribed yet. */
  public static AdsClient start(Channel channel, Node node, Listener listener) {
    return builder(channel, node, listener).start();
  }

  /** Settings for a client. */
  public static Builder builder(Channel channel, Node node, Listener listener) {
    return new Builder(channel, node, listener);
  }

  /** Subscribes to everything of a type; for clusters and listeners. */
  public void subscribeAll(ResourceType type) {
    serial.execute(() -> request(type, true, new TreeSet<>()));
  }

  /**
   * Subscribes to exactly these names of a type, instead of those before. Names that are new are
   * answered even if the server has sent them before; the same set again asks for nothing.
   */
  public void subscribe(ResourceType type, Set<String> names) {
    SortedSet<String> sorted = new TreeSet<>(names);
    serial.execute(() -> request(type, false, sorted));
  }

  /** Ends the stream. Nothing that arrives afterwards reaches the listener. */
  @Override
  public void close() {
    closed = true;
    serial.execute(
        () -> {
          StreamObserver<DiscoveryRequest> open = stream;
          stream = null;
          if (open != null) {
            open.onCompleted();
          }
        });
    if (ownsTimer) {
      timer.shutdownNow();
    }
  }

  private void request(ResourceType type, boolean all, SortedSet<String> names) {
    Subscribed before = subscriptions.get(type);
    if (before != null && before.all == all && before.names.equals(names)) {
      return;
    }
    if (before == null && !all && names.isEmpty()) {
      return;
    }
    Subscribed subscribed = before == null ? new Subscribed() : before;
    subscribed.all = all;
    subscribed.names = names;
    subscriptions.put(type, subscribed);
    if (stream != null && !subscribed.answering) {
      send(type, subscribed, null);
    }
  }

  private void connect() {
    if (closed) {
      return;
    }
    long mine = ++generation;
    AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub stub =
        AggregatedDiscoveryServiceGrpc.newStub(channel);
    String bearer = token.get();
    if (!bearer.isEmpty()) {
      Metadata headers = new Metadata();
      headers.put(BearerToken.AUTHORIZATION, BearerToken.SCHEME + bearer);
      stub = stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    nodeSent = false;
    stream = stub.streamAggregatedResources(new Responses(mine));
    listener.connected();
    subscriptions.forEach(
        (type, subscribed) -> {
          subscribed.nonce = "";
          subscribed.answering = false;
          send(type, subscribed, null);
        });
  }

  private void lost(long which, Status status) {
    if (closed || which != generation) {
      return;
    }
    stream = null;
    failures++;
    LOG.debug("node {} lost its ADS stream: {}", node.getId(), status);
    listener.disconnected(status);
    try {
      timer.schedule(
          () -> serial.execute(this::connect),
          backoff.before(failures, random).toNanos(),
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("node {} does not connect again: its timer is closed", node.getId());
    }
  }

  private void received(long which, DiscoveryResponse response) {
    if (closed || which != generation) {
      return;
    }
    failures = 0;
    ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElse(null);
    Subscribed subscribed = type == null ? null : subscriptions.get(type);
    if (type == null || subscribed == null) {
      LOG.warn("node {} was sent {} without asking", node.getId(), response.getTypeUrl());
      return;
    }
    subscribed.nonce = response.getNonce();
    subscribed.answering = true;
    Verdict verdict = judge(type, response);
    subscribed.answering = false;
    switch (verdict) {
      case Verdict.Accepted() -> {
        subscribed.version = response.getVersionInfo();
        send(type, subscribed, null);
      }
      case Verdict.Rejected(String message) -> send(type, subscribed, message);
    }
  }

  private Verdict judge(ResourceType type, DiscoveryResponse response) {
    Map<String, Message> resources = new LinkedHashMap<>();
    try {
      for (Any packed : response.getResourcesList()) {
        Message message = type.unpack(packed);
        resources.put(type.nameOf(message), message);
      }
      return listener.received(
          new Update(type, response.getVersionInfo(), resources, type.completeSet()));
    } catch (InvalidProtocolBufferException e) {
      return Verdict.rejected("not a " + type.typeUrl() + ": " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("node {}: {} {} failed", node.getId(), type, resources.keySet(), e);
      return Verdict.rejected(e.toString());
    }
  }

  private void send(ResourceType type, Subscribed subscribed, @Nullable String error) {
    StreamObserver<DiscoveryRequest> open = stream;
    if (open == null) {
      return;
    }
    DiscoveryRequest.Builder request =
        DiscoveryRequest.newBuilder()
            .setTypeUrl(type.typeUrl())
            .setVersionInfo(subscribed.version)
            .setResponseNonce(subscribed.nonce)
            .addAllResourceNames(subscribed.names);
    if (!nodeSent) {
      request.setNode(node);
      nodeSent = true;
    }
    if (error != null) {
      request.setErrorDetail(
          com.google.rpc.Status.newBuilder()
              .setCode(Status.Code.INVALID_ARGUMENT.value())
              .setMessage(error));
    }
    open.onNext(request.build());
  }

  /** What is asked for of one type, and how far the server and we are. */
  private static final class Subscribed {
    boolean all;
    SortedSet<String> names = new TreeSet<>();
    String version = "";
    String nonce = "";

    /** While the listener decides: the answer will carry a changed subscription anyway. */
    boolean answering;
  }

  private final class Responses implements StreamObserver<DiscoveryResponse> {
    private final long which;

    Responses(long which) {
      this.which = which;
    }

    @Override
    public void onNext(DiscoveryResponse response) {
      serial.execute(() -> received(which, response));
    }

    @Override
    public void onError(Throwable problem) {
      serial.execute(() -> lost(which, Status.fromThrowable(problem)));
    }

    @Override
    public void onCompleted() {
      serial.execute(() -> lost(which, Status.OK.withDescription("the server ended the stream")));
    }
  }

  /** Collects settings. */
  public static final class Builder {
    private final Channel channel;
    private final Node node;
    private final Listener listener;
    private Supplier<String> token = () -> "";
    private Backoff backoff = Backoff.ENVOY;
    private RandomGenerator random = RandomGenerator.getDefault();
    private @Nullable ScheduledExecutorService timer;

    private Builder(Channel channel, Node node, Listener listener) {
      this.channel = channel;
      this.node = node;
      this.listener = listener;
    }

    /** The token of each new stream, read anew each time; empty sends none. */
    public Builder token(Supplier<String> source) {
      this.token = source;
      return this;
    }

    /** Waits between attempts, and the chance in them. */
    public Builder backoff(Backoff waits, RandomGenerator source) {
      this.backoff = waits;
      this.random = source;
      return this;
    }

    /** A timer shared with others, which stays the caller's; else the client has its own thread. */
    public Builder timer(ScheduledExecutorService shared) {
      this.timer = shared;
      return this;
    }

    /** Connects. Nothing is subscribed yet. */
    public AdsClient start() {
      AdsClient client = new AdsClient(this);
      client.serial.execute(client::connect);
      return client;
    }
  }
}
