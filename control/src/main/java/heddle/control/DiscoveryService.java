package heddle.control;

import heddle.control.webhook.SocketPlace;
import heddle.xds.NodeName;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsServer;
import heddle.xds.ads.ConnectedNode;
import heddle.xds.ads.Nack;
import heddle.xds.ads.NackListener;
import heddle.xds.ads.NodeAssignment;
import heddle.xds.ads.NodeAuthenticator;
import heddle.xds.snapshot.SnapshotStore;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.ServerCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The ADS endpoint of this process. It outlives the control plane that feeds it: while that is
 * away, connected nodes keep what they have, and new ones wait.
 */
public final class DiscoveryService implements AutoCloseable {
  private final SnapshotStore store = new SnapshotStore();
  private final AtomicReference<@Nullable Backing> backing = new AtomicReference<>();
  private final AdsServer server;

  /** What a control plane gives to the service. */
  interface Backing extends NodeAssignment, NodeAuthenticator, NackListener {}

  /** Whether streams must show that they may act for a node. */
  public enum Tokens {
    /** Each stream presents a service account token of its pod. */
    REQUIRED,
    /** Anyone who reaches the endpoint is believed; for tests and offline tools. */
    IGNORED
  }

  public DiscoveryService(Tokens tokens) {
    NodeAuthenticator authenticator =
        switch (tokens) {
          case REQUIRED -> new Tokened();
          case IGNORED -> NodeAuthenticator.everyone();
        };
    this.server = new AdsServer(store, this::snapshotFor, authenticator, new Refusals());
  }

  /**
   * Listens for {@code InProcessChannelBuilder.forName(name)}.
   *
   * @throws IOException if the name is taken
   */
  public void listenInProcess(String name) throws IOException {
    server.listenInProcess(name);
  }

  /**
   * Listens on TCP; see {@link AdsServer#listen}.
   *
   * @throws IOException if the address cannot be bound
   */
  public InetSocketAddress listen(InetSocketAddress address, ServerCredentials credentials)
      throws IOException {
    return server.listen(address, credentials);
  }

  /**
   * Listens on TCP in a place of its own, such as the controller's pod, until the result is closed.
   *
   * @throws IOException if the address cannot be bound
   */
  public AdsServer.Listening listen(
      SocketPlace place, InetSocketAddress address, ServerCredentials credentials)
      throws IOException {
    return server.listen(place::within, address, credentials);
  }

  /** What is published, by node id. */
  public SnapshotStore store() {
    return store;
  }

  /** The data planes that are connected. */
  public List<ConnectedNode> connected() {
    return server.connected();
  }

  /** Completes when every connected data plane has accepted the endpoints published until now. */
  CompletionStage<Void> endpointsAccepted() {
    return server.settled(ResourceType.ENDPOINTS);
  }

  @Override
  public void close() {
    server.close();
  }

  void attach(Backing controlPlane) {
    backing.set(controlPlane);
    server.reassign();
  }

  /** Leaves the snapshots as they are. */
  void detach(Backing controlPlane) {
    backing.compareAndSet(controlPlane, null);
  }

  void reassign() {
    server.reassign();
  }

  private Optional<String> snapshotFor(Node node) {
    Backing current = backing.get();
    return current == null ? Optional.empty() : current.snapshotFor(node);
  }

  /** While no control plane is there to ask, nobody is believed. */
  private final class Tokened implements NodeAuthenticator {
    @Override
    public boolean accepts(NodeName node, Optional<String> token) {
      Backing current = backing.get();
      return current != null && current.accepts(node, token);
    }

    @Override
    public boolean observes(Optional<String> token) {
      Backing current = backing.get();
      return current != null && current.observes(token);
    }
  }

  private final class Refusals implements NackListener {
    @Override
    public void rejected(Nack nack) {
      Backing current = backing.get();
      if (current != null) {
        current.rejected(nack);
      }
    }

    @Override
    public void accepted(String nodeId, String snapshotKey, ResourceType type) {
      Backing current = backing.get();
      if (current != null) {
        current.accepted(nodeId, snapshotKey, type);
      }
    }

    @Override
    public void left(String nodeId) {
      Backing current = backing.get();
      if (current != null) {
        current.left(nodeId);
      }
    }
  }
}
