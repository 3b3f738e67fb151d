package heddle.load;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** A connection that carries one exchange at a time. */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
  private final ConnectionPool pool;
  private final boolean keepAlive;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Exchange current;
  private boolean reusable;

  Connection(ConnectionPool pool, boolean keepAlive) {
    this.pool = pool;
    this.keepAlive = keepAlive;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  void send(Exchange exchange) {
    current = exchange;
    exchange.on(this);
    channel()
        .writeAndFlush(request(exchange.target()))
        .addListener(
            written -> {
              if (!written.isSuccess() && current == exchange) {
                fail(written.cause());
              }
            });
  }

  /** Nobody waits for the answer any more. */
  void abandon() {
    current = null;
    channel().close();
  }

  void close() {
    channel().close();
  }

  boolean open() {
    return channel().isActive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext unused, HttpObject message) {
    var exchange = current;
    if (exchange == null) {
      close();
      return;
    }
    if (message.decoderResult().isFailure()) {
      fail(message.decoderResult().cause());
      return;
    }
    if (message instanceof HttpResponse response) {
      if (response.status().code() / 100 == 1) {
        return;
      }
      exchange.head(response.status().code(), response.status().reasonPhrase());
      reusable = keepAlive && HttpUtil.isKeepAlive(response);
    }
    if (message instanceof HttpContent content) {
      exchange.body(content.content().readableBytes());
    }
    if (message instanceof LastHttpContent) {
      current = null;
      exchange.answered();
      if (reusable) {
        pool.release(this);
      } else {
        close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext unused) {
    var exchange = current;
    current = null;
    if (exchange != null) {
      exchange.failed("the connection was closed before the answer was complete");
    }
    pool.gone(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
    fail(cause);
  }

  private void fail(Throwable cause) {
    var exchange = current;
    current = null;
    if (exchange != null) {
      exchange.failed(ConnectionPool.words(cause));
    }
    close();
  }

  private Channel channel() {
    if (context == null) {
      throw new IllegalStateException("the connection is not in a pipeline");
    }
    return context.channel();
  }

  private DefaultFullHttpRequest request(Target target) {
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(target.method()),
            target.requestTarget(),
            Unpooled.wrappedBuffer(target.body()));
    var headers = request.headers();
    target.headers().forEach(header -> headers.add(header.name(), header.value()));
    if (!headers.contains(HttpHeaderNames.HOST)) {
      headers.set(HttpHeaderNames.HOST, target.uri().getRawAuthority());
    }
    if (!headers.contains(HttpHeaderNames.USER_AGENT)) {
      headers.set(HttpHeaderNames.USER_AGENT, "heddle-load");
    }
    if (target.body().length > 0) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, target.body().length);
    }
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, "close");
    }
    return request;
  }
}
