package heddle.mesh.emit;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/** Shows what {@link XdsEmitter} makes, in the JSON that Envoy reads. */
public final class XdsJson {

  private final JsonFormat.Printer printer =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(FileAccessLog.getDescriptor())
                  .add(HttpConnectionManager.getDescriptor())
                  .add(HttpProtocolOptions.getDescriptor())
                  .add(OriginalDst.getDescriptor())
                  .add(PreviousHostsPredicate.getDescriptor())
                  .add(Router.getDescriptor())
                  .add(TcpProxy.getDescriptor())
                  .add(TlsInspector.getDescriptor())
                  .build());

  /** Indented, field names as in the protocol's own files. */
  public String print(Message message) {
    try {
      return printer.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "an extension that this build does not emit in "
              + message.getDescriptorForType().getFullName(),
          e);
    }
  }

  /** A whole node: {@code listeners}, {@code routes} and {@code clusters}. */
  public String print(NodeConfig node) {
    return "{\n\"node\": \""
        + node.nodeId()
        + "\",\n\"listeners\": "
        + printAll(node.listeners())
        + ",\n\"routes\": "
        + printAll(node.routes())
        + ",\n\"clusters\": "
        + printAll(node.clusters())
        + "\n}\n";
  }

  /** A JSON array. */
  public String printAll(Iterable<? extends Message> messages) {
    StringBuilder text = new StringBuilder("[");
    String separator = "";
    for (Message message : messages) {
      text.append(separator).append(print(message));
      separator = ", ";
    }
    return text.append("]").toString();
  }
}
