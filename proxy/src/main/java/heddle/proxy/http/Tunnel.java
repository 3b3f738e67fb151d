package heddle.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Joins two connections after an upgrade: bytes go through, either end closes both. */
final class Tunnel {

  /** Told how many bytes went up and down. */
  interface Meter {
    void passed(long up, long down);
  }

  private Tunnel() {}

  /** Hands each side's channel a handler that feeds the other. */
  static void join(
      Function<ChannelHandler, Channel> downstream,
      Function<ChannelHandler, Channel> upstream,
      Meter meter) {
    var fromClient = new Side(bytes -> meter.passed(bytes, 0));
    var fromHost = new Side(bytes -> meter.passed(0, bytes));
    fromHost.peer = null;
    // The host's side first: what it sent right behind the 101 waits in the kernel or the decoder.
    fromClient.peer = upstream.apply(fromHost);
    fromHost.peer = downstream.apply(fromClient);
    fromHost.flushEarly();
  }

  private static final class Side extends ChannelInboundHandlerAdapter {
    private final java.util.function.LongConsumer meter;
    private final java.util.ArrayDeque<ByteBuf> early = new java.util.ArrayDeque<>();
    private @Nullable Channel peer;

    Side(java.util.function.LongConsumer meter) {
      this.meter = meter;
    }

    void flushEarly() {
      Channel to = peer;
      while (to != null && !early.isEmpty()) {
        to.writeAndFlush(early.poll());
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var data = (ByteBuf) message;
      meter.accept(data.readableBytes());
      Channel to = peer;
      if (to == null) {
        early.add(data);
        return;
      }
      to.write(data, to.voidPromise());
      if (!to.isWritable()) {
        ctx.channel().config().setAutoRead(false);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (peer != null) {
        peer.flush();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (peer != null) {
        peer.config().setAutoRead(ctx.channel().isWritable());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      early.forEach(ByteBuf::release);
      early.clear();
      if (peer != null && peer.isActive()) {
        peer.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
            .addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
