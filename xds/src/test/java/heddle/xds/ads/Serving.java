package heddle.xds.ads;

import heddle.xds.snapshot.SnapshotStore;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server and a channel to it; every node is served the snapshot that its cluster names. */
final class Serving implements AutoCloseable {
  enum Transport {
    IN_PROCESS,
    NETTY
  }

  final SnapshotStore store = new SnapshotStore();
  final List<Nack> nacks = new CopyOnWriteArrayList<>();
  final AdsServer server;
  final ManagedChannel channel;

  Serving(Transport transport) throws IOException {
    this(transport, NodeAuthenticator.everyone(), Duration.ofMinutes(5));
  }

  Serving(Transport transport, NodeAuthenticator authenticator, Duration patience)
      throws IOException {
    NodeAssignment byCluster = node -> Optional.of(node.getCluster()).filter(key -> !key.isEmpty());
    server = new AdsServer(store, byCluster, authenticator, nacks::add, patience);
    channel =
        switch (transport) {
          case IN_PROCESS -> {
            String name = UUID.randomUUID().toString();
            server.listenInProcess(name);
            yield InProcessChannelBuilder.forName(name).build();
          }
          case NETTY -> {
            InetSocketAddress address =
                server.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    InsecureServerCredentials.create());
            yield NettyChannelBuilder.forAddress(address, InsecureChannelCredentials.create())
                .build();
          }
        };
  }

  static Node node() {
    return Node.newBuilder()
        .setId("sidecar~10.244.0.7~front-1.shop~shop.svc.cluster.local")
        .setCluster("front")
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
