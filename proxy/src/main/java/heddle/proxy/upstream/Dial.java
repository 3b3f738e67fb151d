package heddle.proxy.upstream;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens a connection to a host, and says in Envoy's words why it could not. */
final class Dial {

  /** Told how it went, on the event loop. */
  interface Result {
    void connected(SocketChannel channel);

    /** {@code detail} is the transport failure reason, without blanks; may be empty. */
    void failed(Reset reason, String detail);
  }

  private Dial() {}

  /** Dials with {@code handlers} in the new channel's pipeline. */
  static void to(
      InetSocketAddress address, Cluster cluster, Result result, ChannelHandler... handlers) {
    SocketChannel socket;
    try {
      socket = cluster.newSocket();
    } catch (RuntimeException e) {
      String why = String.valueOf(e.getMessage());
      cluster.loop().execute(() -> result.failed(Reset.LOCAL_CONNECT_FAILURE, why));
      return;
    }
    int millis = (int) Math.min(cluster.config().connectTimeout().toMillis(), Integer.MAX_VALUE);
    socket.config().setOption(ChannelOption.TCP_NODELAY, true);
    socket.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
    socket.pipeline().addLast(handlers);
    cluster
        .loop()
        .register(socket)
        .addListener(
            registered -> {
              if (registered.isSuccess()) {
                socket.connect(address).addListener(f -> done(socket, f.cause(), result));
              } else {
                done(socket, registered.cause(), result);
              }
            });
  }

  private static void done(SocketChannel socket, @Nullable Throwable failure, Result result) {
    if (failure == null) {
      result.connected(socket);
      return;
    }
    socket.close();
    switch (failure) {
      case ConnectTimeoutException timeout -> result.failed(Reset.CONNECT_TIMEOUT, "");
      case ConnectException refused ->
          result.failed(Reset.REMOTE_CONNECT_FAILURE, "delayed_connect_error:_" + reason(refused));
      default ->
          result.failed(Reset.LOCAL_CONNECT_FAILURE, "immediate_connect_error:_" + reason(failure));
    }
  }

  private static String reason(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("refused") ? "Connection_refused" : message.replace(' ', '_');
  }
}
