package heddle.xds.ads;

import heddle.xds.ResourceType;
import heddle.xds.snapshot.SnapshotStore;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Serves the snapshots of a store to whoever connects: state of the world and delta, over TCP and
 * inside the process at once. Every response carries content hashes as versions; what a node has
 * already is not sent again, so a change of endpoints travels as endpoints only. To those who may
 * see it, it also says what each node is served (CSDS).
 *
 * <p>Source of the semantics: the xDS protocol (Envoy, "xDS REST and gRPC protocol").
 */
public final class AdsServer implements AutoCloseable {
  private final SnapshotStore store;
  private final NodeAssignment assignment;
  private final NodeAuthenticator authenticator;
  private final NackListener nacks;
  private final Duration patience;

  /** One virtual thread per task; each ends with the stream that it serves. */
  private final Executor threads = Thread.ofVirtual().name("heddle-ads")::start;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heddle-ads-timer").daemon().factory());
  private final Set<AdsStream> streams = ConcurrentHashMap.newKeySet();
  private final List<Server> listening = new CopyOnWriteArrayList<>();
  private final SnapshotStore.Subscription subscription;

  /** How long an update waits for a node that does not answer before it goes on without it. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(5);

  /** A server with {@link #DEFAULT_PATIENCE}; it listens nowhere yet. */
  public AdsServer(
      SnapshotStore store,
      NodeAssignment assignment,
      NodeAuthenticator authenticator,
      NackListener nacks) {
    this(store, assignment, authenticator, nacks, DEFAULT_PATIENCE);
  }

  /**
   * A server that listens nowhere yet.
   *
   * @param patience how long a step of an update (clusters before routes, routes before the removal
   *     of clusters) waits for a node's answer
   */
  public AdsServer(
      SnapshotStore store,
      NodeAssignment assignment,
      NodeAuthenticator authenticator,
      NackListener nacks,
      Duration patience) {
    this.store = store;
    this.assignment = assignment;
    this.authenticator = authenticator;
    this.nacks = nacks;
    this.patience = patience;
    this.subscription =
        store.subscribe(key -> streams.forEach(stream -> stream.snapshotChanged(key)));
  }

  /**
   * Listens on a TCP port.
   *
   * @param address port 0 picks a free one
   * @param credentials {@code TlsServerCredentials}, or {@code InsecureServerCredentials} for
   *     plaintext
   * @return where it listens
   * @throws IOException if the address cannot be bound
   */
  public InetSocketAddress listen(InetSocketAddress address, ServerCredentials credentials)
      throws IOException {
    return new InetSocketAddress(
        address.getAddress(), start(NettyServerBuilder.forAddress(address, credentials)).getPort());
  }

  /**
   * Listens on a TCP port of some network namespace, until the result or this server is closed.
   *
   * @param place opens the socket; accepted connections belong where it does
   * @throws IOException if the address cannot be bound
   */
  public Listening listen(
      SocketOpener place, InetSocketAddress address, ServerCredentials credentials)
      throws IOException {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().name("heddle-ads-socket").daemon().factory(),
            NioIoHandler.newFactory());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address, credentials)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelFactory(() -> opened(place));
    Server server;
    try {
      server = start(builder);
    } catch (IOException e) {
      loop.shutdownGracefully();
      throw e;
    }
    return new Listening(
        new InetSocketAddress(address.getAddress(), server.getPort()),
        () -> {
          listening.remove(server);
          server.shutdownNow();
          loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        });
  }

  /** A port on which the server listens, until that is closed; its streams end with it. */
  public record Listening(InetSocketAddress address, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  private static NioServerSocketChannel opened(SocketOpener place) {
    try {
      return place.open(NioServerSocketChannel::new);
    } catch (Exception e) {
      throw new IllegalStateException("cannot open the socket of the ADS server", e);
    }
  }

  private Server start(NettyServerBuilder builder) throws IOException {
    Server server =
        builder
            .executor(threads)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(ServerInterceptors.intercept(service(), new BearerToken()))
            .addService(ServerInterceptors.intercept(new StatusService(this), new BearerToken()))
            .build()
            .start();
    listening.add(server);
    return server;
  }

  /**
   * Listens for {@code InProcessChannelBuilder.forName(name)}.
   *
   * @throws IOException if the name is taken
   */
  public void listenInProcess(String name) throws IOException {
    listening.add(
        InProcessServerBuilder.forName(name)
            .executor(threads)
            .addService(ServerInterceptors.intercept(service(), new BearerToken()))
            .addService(ServerInterceptors.intercept(new StatusService(this), new BearerToken()))
            .build()
            .start());
  }

  /** Asks the assignment again for every stream; call it when its answers may have changed. */
  public void reassign() {
    streams.forEach(AdsStream::reassigned);
  }

  /**
   * A barrier: completes when every node that is connected now has accepted, or never asked for,
   * what was published of a type until now. A node that refuses it holds the barrier until it takes
   * something later, or leaves.
   */
  public CompletionStage<Void> settled(ResourceType type) {
    return CompletableFuture.allOf(
        streams.stream().map(stream -> stream.settled(type)).toArray(CompletableFuture[]::new));
  }

  /** The nodes that are connected, by id. */
  public List<ConnectedNode> connected() {
    return streams.stream()
        .map(AdsStream::describe)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(ConnectedNode::nodeId))
        .toList();
  }

  /** What every connected node has, by id; waits for the streams to say so. */
  List<StreamStatus> statuses() {
    return streams.stream().map(AdsStream::status).toList().stream()
        .map(CompletableFuture::join)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(StreamStatus::node))
        .toList();
  }

  /** Ends every stream and closes every listener. The store is left alone. */
  @Override
  public void close() {
    subscription.close();
    listening.forEach(Server::shutdownNow);
    try {
      for (Server server : listening) {
        server.awaitTermination();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    streams.forEach(AdsStream::closed);
    timer.shutdownNow();
  }

  private BindableService service() {
    return new AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase() {
      @Override
      public StreamObserver<DiscoveryRequest> streamAggregatedResources(
          StreamObserver<DiscoveryResponse> responses) {
        AdsStream stream = begin(new SotwWire(responses));
        return new SotwRequests(AdsServer.this, stream, responses);
      }

      @Override
      public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
          StreamObserver<DeltaDiscoveryResponse> responses) {
        AdsStream stream = begin(new DeltaWire(responses));
        return new DeltaRequests(AdsServer.this, stream, responses);
      }
    };
  }

  private AdsStream begin(Wire wire) {
    Optional<String> token = Optional.ofNullable(BearerToken.KEY.get());
    AdsStream stream = new AdsStream(this, wire, Objects.requireNonNull(token));
    streams.add(stream);
    return stream;
  }

  void forget(AdsStream stream) {
    if (streams.remove(stream)) {
      stream.closed();
    }
  }

  /** A stream of the node has ended. */
  void left(String nodeId) {
    boolean elsewhere =
        streams.stream()
            .map(AdsStream::describe)
            .flatMap(Optional::stream)
            .anyMatch(connected -> connected.nodeId().equals(nodeId));
    if (!elsewhere) {
      nacks.left(nodeId);
    }
  }

  SnapshotStore store() {
    return store;
  }

  NodeAssignment assignment() {
    return assignment;
  }

  NodeAuthenticator authenticator() {
    return authenticator;
  }

  NackListener nacks() {
    return nacks;
  }

  Duration patience() {
    return patience;
  }

  Executor threads() {
    return threads;
  }

  ScheduledExecutorService timer() {
    return timer;
  }
}
