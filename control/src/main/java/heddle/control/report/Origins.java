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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
            .flatMap(resource -> of(resource, nack.message()))
            .collect(Collectors.toSet());
    return origins.size() == 1 ? Optional.of(origins.iterator().next()) : Optional.empty();
  }

  private static Stream<ResourceKey> of(Message resource, String refusal) {
    return switch (resource) {
      case Cluster cluster -> read(cluster.getMetadata()).stream();
      case Listener listener -> read(listener.getMetadata()).stream();
      case RouteConfiguration routes -> {
        List<VirtualHost> blamed =
            routes.getVirtualHostsList().stream().filter(host -> names(refusal, host)).toList();
        yield (blamed.isEmpty() ? routes.getVirtualHostsList() : blamed)
            .stream().map(VirtualHost::getMetadata).map(Origins::read).flatMap(Optional::stream);
      }
      default -> Stream.empty();
    };
  }

  /** Whether a refusal of a route table speaks of one of its hosts. */
  private static boolean names(String refusal, VirtualHost host) {
    return Stream.concat(Stream.of(host.getName()), host.getDomainsList().stream())
        .filter(name -> !name.equals("*"))
        .anyMatch(refusal::contains);
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
