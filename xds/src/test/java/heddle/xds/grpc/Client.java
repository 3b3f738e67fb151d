package heddle.xds.grpc;

import heddle.xds.ads.AdsServer;
import heddle.xds.ads.Nack;
import heddle.xds.ads.NodeAuthenticator;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.SnapshotStore;
import io.grpc.CallOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.xds.XdsNameResolverProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Heddle's ADS server on loopback, and a gRPC channel to {@code xds:///NAME} that trusts it. */
final class Client implements AutoCloseable {
  private static final String NODE = "proxyless";

  /** A name of its own: gRPC remembers for good which server it asked about a name. */
  final String name = "shop-" + UUID.randomUUID();

  final List<Nack> nacks = new CopyOnWriteArrayList<>();
  private final SnapshotStore store = new SnapshotStore();
  private final AdsServer server;
  private final ManagedChannel channel;

  Client() throws IOException {
    server =
        new AdsServer(
            store, node -> Optional.of(node.getId()), NodeAuthenticator.everyone(), nacks::add);
    InetSocketAddress address =
        server.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InsecureServerCredentials.create());
    channel = open(address.getPort());
  }

  /** The resolver is the channel's own; nothing is registered for the process. */
  @SuppressWarnings("deprecation")
  private ManagedChannel open(int port) {
    Map<String, ?> bootstrap =
        Map.of(
            "node",
            Map.of("id", NODE),
            "xds_servers",
            List.of(
                Map.of(
                    "server_uri",
                    "127.0.0.1:" + port,
                    "channel_creds",
                    List.of(Map.of("type", "insecure")),
                    "server_features",
                    List.of("xds_v3"))));
    return NettyChannelBuilder.forTarget("xds:///" + name, InsecureChannelCredentials.create())
        .nameResolverFactory(XdsNameResolverProvider.createForTest("xds", bootstrap))
        .build();
  }

  void publish(Snapshot.Builder snapshot) {
    store.publish(NODE, snapshot.build());
  }

  /** Who answered a call, or with what status it failed. */
  record Reply(String host, Status status) {}

  Reply call() {
    try {
      return new Reply(answer(), Status.OK);
    } catch (StatusRuntimeException e) {
      return new Reply("", e.getStatus());
    }
  }

  /** The hosts that answer calls made one after the other; a call that fails ends the test. */
  List<String> call(int times) {
    return Stream.generate(this::answer).limit(times).toList();
  }

  /** No call takes that long, unless something is broken. */
  private String answer() {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, Host.NAME, options, "?");
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
