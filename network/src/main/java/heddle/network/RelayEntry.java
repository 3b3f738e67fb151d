package heddle.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits at a relay's door: dials on for an accepted connection, from the namespace that the event
 * loop's thread lives in, then joins both ends.
 */
final class RelayEntry extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RelayEntry.class);
  private static final int PATIENCE_MILLIS = 10_000;

  private final Function<Channel, Optional<InetSocketAddress>> destination;
  private final @Nullable SocketAddress source;

  /**
   * @param destination where an accepted connection leads; empty closes it
   * @param source local address of the connection that is dialled; null lets the kernel choose
   */
  RelayEntry(
      Function<Channel, Optional<InetSocketAddress>> destination, @Nullable SocketAddress source) {
    this.destination = destination;
    this.source = source;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel in = ctx.channel();
    Optional<InetSocketAddress> to = destination.apply(in);
    if (to.isEmpty()) {
      RelayLeg.reset(in);
      return;
    }
    Bootstrap dialler =
        new Bootstrap()
            .group(in.eventLoop())
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, PATIENCE_MILLIS)
            .handler(new RelayLeg(in));
    ChannelFuture dialled =
        source == null ? dialler.connect(to.get()) : dialler.connect(to.get(), source);
    dialled.addListener(
        done -> {
          if (done.isSuccess() && !in.isActive()) {
            dialled.channel().close(); // who asked has left meanwhile
          } else if (done.isSuccess()) {
            ctx.pipeline().replace(this, "leg", new RelayLeg(dialled.channel()));
            in.read();
            dialled.channel().read();
          } else {
            LOG.debug("no relay to {}: {}", to.get(), String.valueOf(done.cause()));
            RelayLeg.reset(in);
          }
        });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("a connection ended before it was relayed: {}", cause.toString());
    ctx.close();
  }
}
