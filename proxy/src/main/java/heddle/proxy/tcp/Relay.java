package heddle.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.LongConsumer;

/** Passes what one channel reads to another; stops reading while the other is full. */
final class Relay extends ChannelInboundHandlerAdapter {
  private final Channel to;
  private final LongConsumer meter;

  Relay(Channel to, LongConsumer meter) {
    this.to = to;
    this.meter = meter;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var data = (ByteBuf) message;
    meter.accept(data.readableBytes());
    to.write(data, to.voidPromise());
    if (!to.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    to.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    to.config().setAutoRead(ctx.channel().isWritable());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && to instanceof DuplexChannel other) {
      to.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              f -> {
                other.shutdownOutput();
                if (((DuplexChannel) ctx.channel()).isOutputShutdown()) {
                  to.close();
                  ctx.close();
                }
              });
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (to.isActive()) {
      to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // a reset ends both sides: channelInactive follows
  }
}
