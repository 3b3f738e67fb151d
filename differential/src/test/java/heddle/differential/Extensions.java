package heddle.differential;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/** Reads Envoy's messages from their JSON, with the extensions that scenarios may name. */
final class Extensions {
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(FileAccessLog.getDescriptor())
                  .add(HttpConnectionManager.getDescriptor())
                  .add(HttpProtocolOptions.getDescriptor())
                  .add(OriginalDst.getDescriptor())
                  .add(PreviousHostsPredicate.getDescriptor())
                  .add(Router.getDescriptor())
                  .add(StdoutAccessLog.getDescriptor())
                  .add(TcpProxy.getDescriptor())
                  .add(TlsInspector.getDescriptor())
                  .build());

  private Extensions() {}

  /** Reads one message; {@code what} names it in complaints. */
  static <B extends Message.Builder> B read(String what, String json, B builder) {
    try {
      PARSER.merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new ScenarioException(what + ": " + e.getMessage(), e);
    }
  }
}
