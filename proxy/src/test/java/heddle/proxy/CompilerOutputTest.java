package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import heddle.proxy.applier.SupportedFields;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the App Mesh compiler emits ({@code spec/appmesh}) is what this proxy takes. */
class CompilerOutputTest {
  private static final Path SPEC = Path.of("..", "spec", "appmesh");

  private static final Map<String, Message> TYPES =
      Map.of(
          "clusters", Cluster.getDefaultInstance(),
          "endpoints", ClusterLoadAssignment.getDefaultInstance(),
          "routes", RouteConfiguration.getDefaultInstance(),
          "listeners", Listener.getDefaultInstance());

  private static final JsonFormat.TypeRegistry EXTENSIONS =
      JsonFormat.TypeRegistry.newBuilder()
          .add(FileAccessLog.getDescriptor())
          .add(Router.getDescriptor())
          .add(OriginalDst.getDescriptor())
          .add(TlsInspector.getDescriptor())
          .add(HttpConnectionManager.getDescriptor())
          .add(TcpProxy.getDescriptor())
          .add(PreviousHostsPredicate.getDescriptor())
          .add(HttpProtocolOptions.getDescriptor())
          .build();

  private static Message read(Value resource, Message type) throws InvalidProtocolBufferException {
    var builder = type.newBuilderForType();
    JsonFormat.parser()
        .usingTypeRegistry(EXTENSIONS)
        .merge(JsonFormat.printer().print(resource), builder);
    return builder.build();
  }

  @Test
  void nothingButHttp2IsRefused() throws Exception {
    List<Path> files;
    try (var all = Files.walk(SPEC)) {
      files = all.filter(f -> f.toString().matches(".*/expected/.*\\.json")).toList();
    }
    assertThat(files).hasSizeGreaterThan(100);
    var supported = new SupportedFields();
    var refused = new TreeSet<String>();
    int resources = 0;
    for (Path file : files) {
      var content = Struct.newBuilder();
      JsonFormat.parser().merge(Files.readString(file), content);
      for (var part : content.getFieldsMap().entrySet()) {
        Message type = TYPES.get(part.getKey());
        if (type != null) {
          for (Value resource : part.getValue().getListValue().getValuesList()) {
            resources++;
            refused.addAll(supported.unsupported(read(resource, type)));
          }
        }
      }
    }
    assertThat(resources).isGreaterThan(500);
    assertThat(refused)
        .as("HTTP/2 is not spoken yet; all else is")
        .containsExactly(
            "health_checks[0].grpc_health_check is not supported",
            "typed_extension_protocol_options[0].explicit_http_config.http2_protocol_options"
                + " is not supported");
  }
}
