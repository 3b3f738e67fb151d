package heddle.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Connections to one endpoint, and the requests that wait for one. Lives on the event loop. */
final class ConnectionPool {
  private final Endpoint endpoint;
  private final InetSocketAddress address;
  private final Attack attack;
  private final Bootstrap bootstrap;
  private final Tls tls;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private int connections;
  private boolean closed;

  ConnectionPool(
      Endpoint endpoint, InetSocketAddress address, Attack attack, Bootstrap bootstrap, Tls tls) {
    this.endpoint = endpoint;
    this.address = address;
    this.attack = attack;
    this.bootstrap = bootstrap;
    this.tls = tls;
  }

  static Bootstrap bootstrap(EventLoop loop, boolean epoll) {
    return new Bootstrap()
        .group(loop)
        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true);
  }

  void send(Exchange exchange) {
    for (var connection = idle.pollLast(); connection != null; connection = idle.pollLast()) {
      if (connection.open()) {
        connection.send(exchange);
        return;
      }
    }
    if (attack.maxConnections() > 0 && connections >= attack.maxConnections()) {
      waiting.addLast(exchange);
    } else {
      connect(exchange);
    }
  }

  /** The connection can carry another exchange. */
  void release(Connection connection) {
    var next = nextWaiting();
    if (next != null) {
      connection.send(next);
    } else if (closed || idle.size() >= attack.maxIdle()) {
      connection.close();
    } else {
      idle.addLast(connection);
    }
  }

  void gone(Connection connection) {
    idle.remove(connection);
    lost();
  }

  void close() {
    closed = true;
    while (!idle.isEmpty()) {
      idle.removeLast().close();
    }
  }

  /** An error without addresses that differ from request to request, so that equal ones unite. */
  static String words(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private void connect(Exchange exchange) {
    connections++;
    var connection = new Connection(this, attack.keepAlive());
    bootstrap
        .clone()
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (endpoint.secure()) {
                  channel.pipeline().addLast(tls.handler(channel.alloc(), endpoint));
                }
                channel.pipeline().addLast(new HttpClientCodec());
              }
            })
        .connect(address)
        .addListener((ChannelFuture connected) -> begin(connected, connection, exchange));
  }

  private void begin(ChannelFuture connected, Connection connection, Exchange exchange) {
    if (!connected.isSuccess()) {
      exchange.failed(words(connected.cause()));
      lost();
      return;
    }
    // From here on the connection's own end calls gone().
    connected.channel().pipeline().addLast(connection);
    if (exchange.ended()) {
      release(connection);
    } else {
      connection.send(exchange);
    }
  }

  private void lost() {
    connections--;
    var next = nextWaiting();
    if (next != null) {
      connect(next);
    }
  }

  private @Nullable Exchange nextWaiting() {
    var next = waiting.pollFirst();
    while (next != null && next.ended()) {
      next = waiting.pollFirst();
    }
    return next;
  }
}
