package heddle.differential;

import heddle.xds.ResourceType;
import heddle.xds.ads.AdsServer;
import heddle.xds.ads.Nack;
import heddle.xds.ads.NodeAuthenticator;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.SnapshotStore;
import io.grpc.InsecureServerCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Heddle's ADS server with one node's snapshot. */
final class ControlPlane implements AutoCloseable {
  static final String KEY = "traffic";

  private final SnapshotStore store = new SnapshotStore();
  private final List<Nack> nacks = new CopyOnWriteArrayList<>();
  private final AdsServer server;
  private final InetSocketAddress address;
  private final String inProcessName = UUID.randomUUID().toString();

  ControlPlane() throws IOException {
    server =
        new AdsServer(
            store,
            node -> Optional.of(node.getCluster()),
            NodeAuthenticator.everyone(),
            nacks::add);
    address =
        server.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InsecureServerCredentials.create());
    server.listenInProcess(inProcessName);
  }

  int port() {
    return address.getPort();
  }

  String inProcessName() {
    return inProcessName;
  }

  /** Publishes, and returns the types that changed. */
  Set<ResourceType> publish(Snapshot snapshot) {
    return store.publish(KEY, snapshot);
  }

  /** Completes when the node has accepted what is published of these types. */
  CompletableFuture<Void> settled(Set<ResourceType> types) {
    return CompletableFuture.allOf(
        types.stream()
            .map(type -> server.settled(type).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** What the node refused so far. */
  List<Nack> nacks() {
    return List.copyOf(nacks);
  }

  @Override
  public void close() {
    server.close();
  }
}
