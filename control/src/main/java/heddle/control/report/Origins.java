package heddle.control.report;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import heddle.resource.ResourceKey;
import heddle.xds.ResourceType;
import heddle.xds.ads.Nack;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the resource that a piece of xDS came from, by the metadata that the compiler writes. */
public final class Origins {
  private static final String KEY = "heddle";

  private Origins() {}

  /** The origin of what was refused; empty unless it all came from one resource. */
  public static Optional<ResourceKey> of(Nack nack, Snapshot snapshot) {
    // Endpoints carry the pods' names; it is their cluster that a resource decided.
    ResourceType named = nack.type() == ResourceType.ENDPOINTS ? ResourceType.CLUSTER : nack.type();
    Set<ResourceKey> origins =
        nack.resources().stream()
            .map(name -> snapshot.resource(named, name))
            .flatMap(Optional::stream)
            .map(VersionedResource::message)
            .map(Origins::of)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    return origins.size() == 1 ? Optional.of(origins.iterator().next()) : Optional.empty();
  }

  /** The origin of a resource; that of a route table may stand at its first virtual host only. */
  static Optional<ResourceKey> of(Message resource) {
    return switch (resource) {
      case Cluster cluster -> read(cluster.getMetadata());
      case Listener listener -> read(listener.getMetadata());
      case RouteConfiguration routes ->
          read(routes.getMetadata())
              .or(
                  () ->
                      routes.getVirtualHostsList().stream()
                          .map(VirtualHost::getMetadata)
                          .map(Origins::read)
                          .flatMap(Optional::stream)
                          .findFirst());
      default -> Optional.empty();
    };
  }

  private static Optional<ResourceKey> read(Metadata metadata) {
    Struct origin = metadata.getFilterMetadataMap().get(KEY);
    if (origin == null || text(origin, "kind").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourceKey(text(origin, "kind"), text(origin, "namespace"), text(origin, "name")));
  }

  private static String text(Struct struct, String field) {
    var value = struct.getFieldsMap().get(field);
    return value == null ? "" : value.getStringValue();
  }
}
