package heddle.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Tiny servers and clients on sockets that live in pods. */
final class Talk {
  private Talk() {}

  /** A server that says its name and the address it was called from, then hangs up. */
  static final class Greeter implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Thread thread;

    Greeter(PodNetwork pod, String name, int port) throws Exception {
      listener = pod.within(() -> listen("0.0.0.0", port));
      thread = Thread.ofVirtual().start(() -> serve(name + " ", true));
    }

    /** Says its name only. */
    Greeter(ServerSocketChannel listener, String name) {
      this.listener = listener;
      thread = Thread.ofVirtual().start(() -> serve(name, false));
    }

    private void serve(String name, boolean tellsPeer) {
      while (listener.isOpen()) {
        try (SocketChannel peer = listener.accept()) {
          String from = ((InetSocketAddress) peer.getRemoteAddress()).getHostString();
          peer.write(
              ByteBuffer.wrap((tellsPeer ? name + from : name).getBytes(StandardCharsets.UTF_8)));
        } catch (AsynchronousCloseException e) {
          return;
        } catch (ClosedChannelException e) {
          return;
        } catch (IOException e) {
          throw new AssertionError(name, e);
        }
      }
    }

    @Override
    public void close() throws Exception {
      listener.close();
      thread.join();
    }
  }

  static ServerSocketChannel listen(String address, int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    channel.bind(new InetSocketAddress(address, port));
    return channel;
  }

  /** What a server says to a client in this pod. */
  static String call(PodNetwork pod, String address, int port) throws Exception {
    SocketChannel channel = pod.within(SocketChannel::open);
    return answer(channel, new InetSocketAddress(address, port));
  }

  static String answer(SocketChannel open, SocketAddress to) throws IOException {
    open.connect(to);
    return rest(open);
  }

  /** Everything that comes until the end. */
  static String rest(SocketChannel open) throws IOException {
    try (open) {
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      while (open.read(buffer) >= 0) {}
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }
  }
}
