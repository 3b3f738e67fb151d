package heddle.network;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/**
 * One end of a relayed connection: passes what it reads to the other end, no faster than that takes
 * it. An end of input becomes an end of output there, a reset becomes a reset.
 *
 * <p>Both ends live on one event loop, with automatic reading off and half closure allowed.
 */
final class RelayLeg extends ChannelInboundHandlerAdapter {
  private final Channel other;
  private boolean ended;

  RelayLeg(Channel other) {
    this.other = other;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    other.write(bytes, other.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    other.flush();
    if (other.isWritable() && !ended) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      other.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE && !ended) {
      ended = true;
      // Behind everything written so far.
      other
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(done -> endOutput(ctx.channel(), (DuplexChannel) other));
    }
  }

  private static void endOutput(Channel from, DuplexChannel to) {
    if (to.isInputShutdown()) {
      from.close();
      to.close();
    } else {
      to.shutdownOutput();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (other.isActive()) {
      other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset(other);
    ctx.close();
  }

  /** Closes a connection so that its peer sees a reset, not an orderly end. */
  static void reset(Channel channel) {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }
}
