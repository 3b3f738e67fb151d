package heddle.resource.appmesh;

import org.jspecify.annotations.Nullable;

/** Limits of the server's own proxy. */
public sealed interface ConnectionPool {
  /** For which protocol they were written. */
  Protocol protocol();

  record Tcp(int maxConnections) implements ConnectionPool {
    @Override
    public Protocol protocol() {
      return Protocol.TCP;
    }
  }

  /**
   * For http.
   *
   * @param maxPendingRequests null for no limit
   */
  record Http(int maxConnections, @Nullable Integer maxPendingRequests) implements ConnectionPool {
    @Override
    public Protocol protocol() {
      return Protocol.HTTP;
    }
  }

  /** For http2 and grpc. */
  record Streams(Protocol protocol, int maxRequests) implements ConnectionPool {}

  static ConnectionPool of(Fields fields) {
    ConnectionPool tcp = fields.objectOrNull("tcp", pool -> new Tcp(pool.whole("maxConnections")));
    ConnectionPool http =
        fields.objectOrNull(
            "http",
            pool -> new Http(pool.whole("maxConnections"), pool.wholeOrNull("maxPendingRequests")));
    if (tcp != null || http != null) {
      return tcp != null ? tcp : java.util.Objects.requireNonNull(http);
    }
    Protocol protocol = fields.has("http2") ? Protocol.HTTP2 : Protocol.GRPC;
    return fields.object(protocol.word(), pool -> new Streams(protocol, pool.whole("maxRequests")));
  }
}
