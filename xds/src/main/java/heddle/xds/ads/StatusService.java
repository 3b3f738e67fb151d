package heddle.xds.ads;

import heddle.xds.ResourceType;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.envoyproxy.envoy.type.matcher.v3.NodeMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says what each node is served and whether it has accepted that (Envoy: client status discovery
 * service, CSDS). A node is a connected data plane, with the key of its snapshot as {@code
 * node.cluster}; a snapshot that nobody is connected for stands for itself.
 *
 * <p>Without node matchers the answer names the resources and leaves their contents out, which
 * would be those of the whole mesh many times over.
 */
final class StatusService
    extends ClientStatusDiscoveryServiceGrpc.ClientStatusDiscoveryServiceImplBase {

  private final AdsServer server;

  StatusService(AdsServer server) {
    this.server = server;
  }

  @Override
  public void fetchClientStatus(
      ClientStatusRequest request, StreamObserver<ClientStatusResponse> responses) {
    Optional<String> token = Optional.ofNullable(BearerToken.KEY.get());
    if (!server.authenticator().observes(token)) {
      responses.onError(
          (token.isPresent() ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED)
              .withDescription("the token does not allow to see what nodes are served")
              .asRuntimeException());
      return;
    }
    Set<String> asked = new HashSet<>();
    for (NodeMatcher matcher : request.getNodeMatchersList()) {
      if (matcher.getNodeMetadatasCount() > 0
          || matcher.getNodeId().getMatchPatternCase() != StringMatcher.MatchPatternCase.EXACT) {
        responses.onError(
            Status.UNIMPLEMENTED
                .withDescription("node_matchers: only node_id.exact is supported")
                .asRuntimeException());
        return;
      }
      asked.add(matcher.getNodeId().getExact());
    }
    responses.onNext(ClientStatusResponse.newBuilder().addAllConfig(configs(asked)).build());
    responses.onCompleted();
  }

  private List<ClientConfig> configs(Set<String> asked) {
    List<ClientConfig> configs = new ArrayList<>();
    Set<String> served = new HashSet<>();
    for (StreamStatus stream : server.statuses()) {
      served.add(stream.key());
      if (asked.isEmpty() || asked.contains(stream.node())) {
        configs.add(config(stream, !asked.isEmpty()));
      }
    }
    for (String key : server.store().keys()) {
      if (!served.contains(key) && (asked.isEmpty() || asked.contains(key))) {
        configs.add(config(StreamStatus.ofNobody(key), !asked.isEmpty()));
      }
    }
    return configs;
  }

  private ClientConfig config(StreamStatus stream, boolean contents) {
    ClientConfig.Builder config =
        ClientConfig.newBuilder()
            .setNode(Node.newBuilder().setId(stream.node()).setCluster(stream.key()));
    Snapshot snapshot = server.store().get(stream.key()).orElse(Snapshot.empty());
    for (ResourceType type : ResourceType.values()) {
      for (VersionedResource resource : snapshot.resources(type).values()) {
        config.addGenericXdsConfigs(describe(stream, resource, contents));
      }
    }
    return config.build();
  }

  private static GenericXdsConfig describe(
      StreamStatus stream, VersionedResource resource, boolean contents) {
    ConfigStatus status = stream.of(resource);
    GenericXdsConfig.Builder out =
        GenericXdsConfig.newBuilder()
            .setTypeUrl(resource.type().typeUrl())
            .setName(resource.name())
            .setVersionInfo(resource.version())
            .setConfigStatus(status);
    if (status == ConfigStatus.ERROR) {
      out.getErrorStateBuilder().setDetails(stream.refusal(resource.type()));
    }
    if (contents) {
      out.setXdsConfig(resource.packed());
    }
    return out.build();
  }
}
