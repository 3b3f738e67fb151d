package heddle.proxy.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Looks at a connection's first bytes: is it TLS, and for which server name? Consumes nothing. */
final class TlsInspector extends AbstractSniHandler<Boolean> {

  /** Told what was seen; adds the connection's real handlers. */
  interface Seen {
    void as(@Nullable String serverName, boolean tls);
  }

  private static final int HANDSHAKE = 22;
  private static final int MAX_CLIENT_HELLO = 64 * 1024;
  private static final long TIMEOUT_MILLIS = 15_000;

  private final Seen seen;
  private boolean first = true;
  private boolean tls;

  TlsInspector(Seen seen) {
    super(MAX_CLIENT_HELLO, TIMEOUT_MILLIS);
    this.seen = seen;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (first && message instanceof ByteBuf data && data.isReadable()) {
      first = false;
      tls = data.getByte(data.readerIndex()) == HANDSHAKE;
    }
    super.channelRead(ctx, message);
  }

  @Override
  protected Future<Boolean> lookup(ChannelHandlerContext ctx, @Nullable String hostname) {
    return ctx.executor().newSucceededFuture(true);
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String hostname, Future<Boolean> future) {
    ctx.channel().config().setAutoRead(false);
    seen.as(hostname == null ? null : hostname.toLowerCase(Locale.ROOT), tls);
    if (ctx.channel().isOpen()) {
      ctx.pipeline().remove(this); // hands on what was read
    }
  }
}
