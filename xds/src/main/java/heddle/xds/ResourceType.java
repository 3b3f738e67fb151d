package heddle.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.Optional;

/**
 * The kinds of resource that travel over ADS, in the order in which a change must reach a node so
 * that nothing is used before it exists (Envoy: "make before break").
 */
public enum ResourceType {
  /** CDS. */
  CLUSTER(Cluster.getDefaultInstance(), true),
  /** EDS. */
  ENDPOINTS(ClusterLoadAssignment.getDefaultInstance(), false),
  /** SDS. */
  SECRET(Secret.getDefaultInstance(), false),
  /** LDS. */
  LISTENER(Listener.getDefaultInstance(), true),
  /** RDS. */
  ROUTES(RouteConfiguration.getDefaultInstance(), false);

  private final Message prototype;
  private final boolean completeSet;
  private final String typeUrl;

  ResourceType(Message prototype, boolean completeSet) {
    this.prototype = prototype;
    this.completeSet = completeSet;
    this.typeUrl = "type.googleapis.com/" + prototype.getDescriptorForType().getFullName();
  }

  /** The {@code type_url} of discovery requests and of the packed resources. */
  public String typeUrl() {
    return typeUrl;
  }

  /**
   * Whether a state-of-the-world response holds everything there is, so that an absent resource is
   * a deleted one. True for clusters and listeners only.
   */
  public boolean completeSet() {
    return completeSet;
  }

  /** The type with that {@code type_url}; empty for one that Heddle does not serve. */
  public static Optional<ResourceType> ofTypeUrl(String typeUrl) {
    for (ResourceType type : values()) {
      if (type.typeUrl.equals(typeUrl)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type of a message; empty for one that is not a resource. */
  public static Optional<ResourceType> of(Message resource) {
    return ofTypeUrl("type.googleapis.com/" + resource.getDescriptorForType().getFullName());
  }

  /**
   * The name by which a resource is subscribed.
   *
   * @throws IllegalArgumentException if the message is of another type
   */
  public String nameOf(Message resource) {
    return switch (resource) {
      case Cluster cluster when this == CLUSTER -> cluster.getName();
      case ClusterLoadAssignment endpoints when this == ENDPOINTS -> endpoints.getClusterName();
      case Secret secret when this == SECRET -> secret.getName();
      case Listener listener when this == LISTENER -> listener.getName();
      case RouteConfiguration routes when this == ROUTES -> routes.getName();
      default ->
          throw new IllegalArgumentException(
              resource.getDescriptorForType().getFullName()
                  + " is not a "
                  + typeUrl
                  + " (expected: the message of "
                  + this
                  + ")");
    };
  }

  /**
   * Opens a packed resource.
   *
   * @throws InvalidProtocolBufferException if it is of another type or its bytes are not that type
   */
  public Message unpack(Any packed) throws InvalidProtocolBufferException {
    if (!packed.getTypeUrl().equals(typeUrl)) {
      throw new InvalidProtocolBufferException(
          "resource of type " + packed.getTypeUrl() + " (expected: " + typeUrl + ")");
    }
    Parser<? extends Message> parser = prototype.getParserForType();
    return parser.parseFrom(packed.getValue());
  }
}
