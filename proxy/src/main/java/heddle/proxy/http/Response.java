package heddle.proxy.http;

import heddle.proxy.http1.Framing;
import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.http1.KnownNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * The response on its way to the client, an upstream's or the proxy's own: framing, the headers
 * that the connection manager adds, bytes.
 */
final class Response {
  private final HttpConnection connection;
  private final Request request;
  private final StreamInfo info;
  private boolean started;
  private boolean chunked;
  private boolean bodiless;
  private boolean closes;
  private boolean early;

  Response(HttpConnection connection, Request request, StreamInfo info) {
    this.connection = connection;
    this.request = request;
    this.info = info;
    this.closes = request.closes();
  }

  /** Whether its head is out, so that nothing else can be answered any more. */
  boolean started() {
    return started;
  }

  /** Whether the connection ends after it. */
  boolean closes() {
    return closes;
  }

  /** Whether it ends only because the request was not complete when it began. */
  boolean early() {
    return early;
  }

  // ---- an upstream's ----

  /** A 1xx: passed on if the connection manager does not answer {@code Expect} itself. */
  void interim(HttpResponse response) {
    if (!connection.config().proxyInterim()) {
      return;
    }
    dropHopByHop((HeaderBlock) response.headers());
    connection.writeHead(response.status(), response.headers(), Framing.AS_IS);
    connection.flush();
  }

  /** The head of an upstream's response. */
  void head(HttpResponse response, @Nullable Routed routed) {
    var out = (HeaderBlock) response.headers();
    out.joinLists(KnownNames.RESPONSE_LISTS);
    int status = response.status().code();
    boolean upgrading = status == 101 && request.upgrade() != null;
    if (!upgrading) {
      dropHopByHop(out);
    }
    out.drop(H1.TRANSFER_ENCODING);
    boolean head = request.method().equals(HttpMethod.HEAD);
    bodiless = head || status == 204 || status == 304 || status == 101;
    if (status == 204) {
      out.drop(H1.CONTENT_LENGTH);
    }
    boolean withoutLength = out.find(H1.CONTENT_LENGTH, 0) < 0;
    chunked = withoutLength && !bodiless;
    if (info.isRequestComplete()) {
      out.put(Names.X_ENVOY_UPSTREAM_SERVICE_TIME, Long.toString(info.millisSinceRequest()));
    } else {
      connection.stats().downstreamRqResponseBeforeRqComplete.inc();
    }
    info.responseStarted(status, out);
    if (routed != null) {
      routed.editResponse(out, info);
    }
    boolean saysChunked = chunked || (withoutLength && head && status != 204 && status != 304);
    writeHead(response.status(), out, saysChunked ? Framing.CHUNKED : Framing.AS_IS, upgrading);
  }

  /** Unlike a request's, a response's Connection header takes no other with it. */
  private static void dropHopByHop(HeaderBlock headers) {
    headers.drop(H1.CONNECTION);
    headers.drop(Names.UPGRADE);
    headers.drop(Names.KEEP_ALIVE);
    headers.drop(H1.PROXY_CONNECTION);
  }

  /** A piece of an upstream's body; takes the buffer over. */
  void body(ByteBuf data) {
    if (bodiless) {
      data.release();
      return;
    }
    int size = data.readableBytes();
    info.sent(size);
    if (chunked) {
      connection.write(H1.chunkStart(connection.alloc(), size));
      connection.write(data);
      connection.write(H1.chunkEnd());
    } else {
      connection.write(data);
    }
  }

  /** The upstream's response is complete. */
  void end() {
    if (chunked) {
      connection.write(H1.lastChunk());
    }
    closes |= !info.isRequestComplete();
  }

  // ---- the proxy's own ----

  /** Answers with a reply of the proxy's own, whole. */
  void local(LocalReply reply, @Nullable Routed routed) {
    closes |= reply.close();
    if (!info.isRequestComplete()) {
      connection.stats().downstreamRqResponseBeforeRqComplete.inc();
    }
    HeaderBlock out = reply.headers() == null ? new HeaderBlock() : reply.headers();
    if (request.grpc()) {
      grpc(reply, routed, out);
    } else {
      plain(reply, routed, out);
    }
  }

  private void plain(LocalReply reply, @Nullable Routed routed, HeaderBlock out) {
    int status = reply.status();
    String text = reply.text();
    boolean mayHaveBody = status >= 200 && status != 204 && status != 304;
    boolean hasBody = mayHaveBody && !text.isEmpty();
    if (routed != null) {
      routed.editLocalReply(out, info);
    }
    if (hasBody) {
      out.put(H1.CONTENT_LENGTH, Integer.toString(ByteBufUtil.utf8Bytes(text)));
      if (out.find(Names.CONTENT_TYPE, 0) < 0) {
        out.append(Names.CONTENT_TYPE, Names.TEXT_PLAIN);
      }
    } else {
      out.drop(Names.CONTENT_TYPE);
    }
    Framing framing =
        hasBody || !mayHaveBody
            ? Framing.AS_IS
            : request.method().equals(HttpMethod.HEAD) ? Framing.CHUNKED : Framing.EMPTY;
    writeHead(HttpResponseStatus.valueOf(status), out, framing, false);
    if (hasBody && !request.method().equals(HttpMethod.HEAD)) {
      ByteBuf bytes = ByteBufUtil.writeUtf8(connection.alloc(), text);
      info.sent(bytes.readableBytes());
      connection.write(bytes);
    }
  }

  /** Envoy: a gRPC client gets 200 without body, and the reason as gRPC status. */
  private void grpc(LocalReply reply, @Nullable Routed routed, HeaderBlock out) {
    String grpcStatus =
        switch (reply.status()) {
          case 400 -> "13";
          case 401 -> "16";
          case 403 -> "7";
          case 404 -> "12";
          case 429, 502, 503, 504 -> "14";
          default -> "2";
        };
    if (routed != null) {
      routed.editLocalReply(out, info);
    }
    out.put(Names.CONTENT_TYPE, Names.APPLICATION_GRPC);
    out.put(Names.GRPC_STATUS, grpcStatus);
    if (!reply.text().isEmpty()) {
      out.put(Names.GRPC_MESSAGE, reply.text().replace("%", "%25"));
    }
    writeHead(HttpResponseStatus.OK, out, Framing.EMPTY, false);
  }

  // ---- both ----

  private void writeHead(
      HttpResponseStatus status, HeaderBlock out, Framing framing, boolean upgrading) {
    started = true;
    info.responseStarted(status.code(), out);
    identify(out);
    if (!upgrading) {
      announceClose(out);
    }
    connection.writeHead(status, out, framing);
  }

  private void identify(HeaderBlock out) {
    HcmConfig config = connection.config();
    if (out.find(Names.DATE, 0) < 0) {
      out.append(Names.DATE, connection.environment().date());
    }
    switch (config.serverHeader()) {
      case OVERWRITE -> out.put(Names.SERVER, config.serverName());
      case APPEND_IF_ABSENT -> {
        if (out.find(Names.SERVER, 0) < 0) {
          out.append(Names.SERVER, config.serverName());
        }
      }
      case PASS_THROUGH -> {}
    }
    CharSequence id =
        config.requestIdInResponse() ? request.headers().first(Names.X_REQUEST_ID) : null;
    if (id != null) {
      out.put(Names.X_REQUEST_ID, id);
    }
  }

  private void announceClose(HeaderBlock out) {
    early = !closes && !info.isRequestComplete();
    closes |= early;
    if (connection.keepAlive().announcesClose() || closes) {
      out.put(H1.CONNECTION, H1.CLOSE);
    }
  }
}
