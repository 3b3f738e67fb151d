package heddle.xds.ads;

import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Incremental: only what changed and what went. */
final class DeltaWire implements Wire {
  private final StreamObserver<DeltaDiscoveryResponse> responses;

  DeltaWire(StreamObserver<DeltaDiscoveryResponse> responses) {
    this.responses = responses;
  }

  @Override
  public boolean carries(Update update) {
    return !update.changed().isEmpty() || !update.removed().isEmpty();
  }

  @Override
  public void send(Update update) {
    DeltaDiscoveryResponse.Builder response =
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(update.type().typeUrl())
            .setSystemVersionInfo(update.version())
            .setNonce(update.nonce())
            .addAllRemovedResources(update.removed());
    for (VersionedResource resource : update.changed()) {
      response.addResources(
          Resource.newBuilder()
              .setName(resource.name())
              .setVersion(resource.version())
              .setResource(resource.packed()));
    }
    responses.onNext(response.build());
  }

  @Override
  public void fail(Status status) {
    responses.onError(status.asRuntimeException());
  }

  @Override
  public boolean delta() {
    return true;
  }
}
