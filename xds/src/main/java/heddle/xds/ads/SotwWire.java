package heddle.xds.ads;

import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Collection;

/**
 * State of the world: clusters and listeners as complete sets, the other types as whatever changed
 * (the protocol lets those be partial, and their absence deletes nothing).
 */
final class SotwWire implements Wire {
  private final StreamObserver<DiscoveryResponse> responses;

  SotwWire(StreamObserver<DiscoveryResponse> responses) {
    this.responses = responses;
  }

  @Override
  public boolean carries(Update update) {
    return !update.changed().isEmpty()
        || (update.type().completeSet() && !update.removed().isEmpty());
  }

  @Override
  public void send(Update update) {
    Collection<VersionedResource> resources =
        update.type().completeSet() ? update.all() : update.changed();
    DiscoveryResponse.Builder response =
        DiscoveryResponse.newBuilder()
            .setTypeUrl(update.type().typeUrl())
            .setVersionInfo(update.version())
            .setNonce(update.nonce());
    resources.forEach(resource -> response.addResources(resource.packed()));
    responses.onNext(response.build());
  }

  @Override
  public void fail(Status status) {
    responses.onError(status.asRuntimeException());
  }

  @Override
  public boolean delta() {
    return false;
  }
}
