package heddle.proxy.applier;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The extension messages that the proxy knows. */
final class AnyTypes {
  private final Map<String, Message> prototypes = new HashMap<>();

  AnyTypes() {
    add(FileAccessLog.getDefaultInstance());
    add(StdoutAccessLog.getDefaultInstance());
    add(Router.getDefaultInstance());
    add(OriginalDst.getDefaultInstance());
    add(TlsInspector.getDefaultInstance());
    add(HttpConnectionManager.getDefaultInstance());
    add(TcpProxy.getDefaultInstance());
    add(HttpProtocolOptions.getDefaultInstance());
  }

  private void add(Message prototype) {
    prototypes.put(prototype.getDescriptorForType().getFullName(), prototype);
  }

  static String name(Any any) {
    return any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
  }

  /** The message inside, or null when its type is not known. */
  @Nullable Message unpack(Any any) throws InvalidProtocolBufferException {
    Message prototype = prototypes.get(name(any));
    return prototype == null ? null : prototype.getParserForType().parseFrom(any.getValue());
  }
}
