package heddle.mesh.emit;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import heddle.mesh.model.Provenance;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;

/** Small messages that all emitters need. */
final class Messages {

  /** The key of Heddle's own metadata. */
  static final String HEDDLE = "heddle";

  private Messages() {}

  static Metadata metadata(Provenance from) {
    return metadata(from.kind(), from.namespace(), from.name(), from.field());
  }

  static Metadata metadata(String kind, String namespace, String name, String field) {
    Struct.Builder struct = Struct.newBuilder().putFields("kind", string(kind));
    if (!namespace.isEmpty()) {
      struct.putFields("namespace", string(namespace));
    }
    struct.putFields("name", string(name));
    if (!field.isEmpty()) {
      struct.putFields("field", string(field));
    }
    return Metadata.newBuilder().putFilterMetadata(HEDDLE, struct.build()).build();
  }

  private static Value string(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static UInt32Value number(int value) {
    return UInt32Value.of(value);
  }

  static Any any(Message message) {
    return Any.pack(message);
  }

  static Address address(String host, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
        .build();
  }

  static ConfigSource ads() {
    return ConfigSource.newBuilder()
        .setAds(AggregatedConfigSource.getDefaultInstance())
        .setResourceApiVersion(ApiVersion.V3)
        .build();
  }
}
