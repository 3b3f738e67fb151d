package heddle.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Relays between the host's namespace and the node's. A connection is served by an event loop in
 * the namespace that it is dialled from; its listener was made in the other one.
 */
final class Relays implements AutoCloseable {
  private static final RawUnixChannelOption ORIGINAL_DESTINATION =
      new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);
  private static final int BACKLOG = 1024;

  private final NodeThreads threads;
  private final Namespace node;
  private final IoEventLoopGroup fromNode;
  private final IoEventLoopGroup fromHost;

  /** Call it on a thread of the host: its event loop's thread is born here. */
  Relays(String cluster, NodeThreads threads, Namespace node) {
    this.threads = threads;
    this.node = node;
    this.fromNode = loop(new NodeThreadFactory(node, "relay-in-" + cluster));
    ThreadFactory host = Thread.ofPlatform().daemon().name("relay-out-" + cluster).factory();
    this.fromHost = loop(host);
    fromHost.submit(() -> {}).syncUninterruptibly();
  }

  private static IoEventLoopGroup loop(ThreadFactory threads) {
    return new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory());
  }

  /**
   * Accepts on an address of the host and dials, from the node, what an address there stands for.
   */
  Channel enter(InetSocketAddress at, InetSocketAddress to) throws IOException {
    InetSocketAddress source = new InetSocketAddress(NodeAddresses.ENTRY, 0);
    ServerBootstrap listener =
        listener(fromNode, () -> new RelayEntry(c -> Optional.of(to), source));
    return bound(listener.bind(at), at);
  }

  /** Accepts on an address of the node and dials one of the host's. */
  Channel leave(InetSocketAddress at, InetSocketAddress to) throws IOException {
    return leave(at, c -> Optional.of(to));
  }

  /**
   * Accepts on an address of the node what was redirected there, and dials from the host where it
   * was meant to go.
   *
   * @param route where to dial for an original destination
   */
  Channel leaveTransparently(InetSocketAddress at, UnaryOperator<InetSocketAddress> route)
      throws IOException {
    return leave(at, c -> originalDestination(c).map(route));
  }

  private Channel leave(
      InetSocketAddress at, Function<Channel, Optional<InetSocketAddress>> destination)
      throws IOException {
    ServerBootstrap listener = listener(fromHost, () -> new RelayEntry(destination, null));
    try {
      return bound(threads.call(node, () -> listener.bind(at)), at);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot listen on " + at + " in the node", e);
    }
  }

  private static ServerBootstrap listener(EventLoopGroup loops, Supplier<RelayEntry> entry) {
    return new ServerBootstrap()
        .group(loops)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(EpollChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<EpollSocketChannel>() {
              @Override
              protected void initChannel(EpollSocketChannel channel) {
                channel.pipeline().addLast(entry.get());
              }
            });
  }

  private static Channel bound(ChannelFuture binding, InetSocketAddress at) throws IOException {
    try {
      binding.get();
      return binding.channel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while binding " + at, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("cannot listen on " + at, e);
    }
  }

  /** Where a redirected connection was meant to go; empty for one that came by itself. */
  private static Optional<InetSocketAddress> originalDestination(Channel accepted) {
    ByteBuffer raw;
    try {
      raw = accepted.config().getOption(ORIGINAL_DESTINATION);
    } catch (RuntimeException e) {
      return Optional.empty(); // the kernel knows of no redirection
    }
    int port = raw.getShort(2) & 0xffff; // sockaddr_in: family, port and address, big endian
    Inet4Address address = Cidr.fromInt(raw.getInt(4));
    InetSocketAddress to = new InetSocketAddress(address, port);
    return to.equals(accepted.localAddress()) ? Optional.empty() : Optional.of(to);
  }

  @Override
  public void close() {
    var in = fromNode.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var out = fromHost.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    in.syncUninterruptibly();
    out.syncUninterruptibly();
  }
}
