package heddle.proxy.socket;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Creates channels: native epoll where it is there, NIO elsewhere. A channel's descriptor exists
 * from its constructor on, so constructing it inside the namespace is enough.
 */
public final class Transport {
  private static final RawUnixChannelOption ORIGINAL_DST =
      new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);
  private static final IntegerUnixChannelOption MARK =
      new IntegerUnixChannelOption("SO_MARK", 1, 36);

  private static final int DEFAULT_BUFFER_LIMIT = 1024 * 1024;

  private final boolean epoll;

  private Transport(boolean epoll) {
    this.epoll = epoll;
  }

  /** Epoll on Linux, else NIO. */
  public static Transport best() {
    return new Transport(Epoll.isAvailable());
  }

  /** NIO everywhere; it knows neither original destinations nor marks. */
  public static Transport nio() {
    return new Transport(false);
  }

  /** What the event loops run on. */
  public IoHandlerFactory ioHandler() {
    return epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /**
   * A socket for a connection to an upstream.
   *
   * @param mark SO_MARK, which keeps the pod's redirect rules from catching the connection
   */
  public SocketChannel connector(SocketNamespace namespace, OptionalInt mark) {
    SocketChannel channel =
        open(namespace, () -> epoll ? new EpollSocketChannel() : new NioSocketChannel());
    if (epoll && mark.isPresent()) {
      channel.config().setOption(MARK, mark.getAsInt());
    }
    return channel;
  }

  /** A listening socket, not bound yet. */
  public ServerSocketChannel listener(SocketNamespace namespace) {
    return open(
        namespace, () -> epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel());
  }

  /** A datagram socket, for DNS. */
  public DatagramChannel datagram(SocketNamespace namespace) {
    return open(namespace, () -> epoll ? new EpollDatagramChannel() : new NioDatagramChannel());
  }

  /**
   * Bounds what waits in a channel to be sent: above {@code limit} bytes it is not writable, below
   * half of it it is again, as with Envoy's {@code per_connection_buffer_limit_bytes}.
   *
   * @param limit 0: Envoy's default, which lets bodies of usual sizes pass without pausing anybody
   */
  public static void limitBuffer(Channel channel, int limit) {
    int high = limit > 0 ? limit : DEFAULT_BUFFER_LIMIT;
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
  }

  private static <T> T open(SocketNamespace namespace, Callable<T> constructor) {
    try {
      return namespace.within(constructor);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot open a socket in the sidecar's namespace", e);
    }
  }

  /**
   * Where the client of an accepted connection wanted to go before a redirect rule caught it.
   *
   * @return null when the connection was not redirected
   */
  public @Nullable InetSocketAddress originalDestination(Channel accepted) {
    if (!epoll) {
      return null;
    }
    ByteBuffer sockaddr;
    try {
      sockaddr = accepted.config().getOption(ORIGINAL_DST);
    } catch (RuntimeException notRedirected) {
      return null; // ENOENT: the connection has no entry in the kernel's NAT table
    } catch (Exception notRedirected) {
      return null; // Netty throws the kernel's error unchecked
    }
    if (sockaddr == null || sockaddr.remaining() < 8) {
      return null;
    }
    int port = ((sockaddr.get(2) & 0xff) << 8) | (sockaddr.get(3) & 0xff);
    byte[] ip = {sockaddr.get(4), sockaddr.get(5), sockaddr.get(6), sockaddr.get(7)};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(ip), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are always an address", e);
    }
  }
}
