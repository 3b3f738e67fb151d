package heddle.proxy.admin;

import com.google.protobuf.Message;
import heddle.proxy.http.Drain;
import heddle.proxy.listener.Listeners;
import heddle.proxy.stats.Stats;
import heddle.proxy.upstream.Clusters;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for admin requests inside the pod; lives on the sidecar's event loop. */
public final class AdminServer {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final int MAX_BODY = 64 * 1024;

  /**
   * What the admin interface may see and touch.
   *
   * @param sources the xDS messages in force
   * @param live whether the sidecar is initialized
   */
  public record View(
      Node node,
      Stats stats,
      Clusters clusters,
      Listeners listeners,
      Drain drain,
      Supplier<Map<ResourceType, Map<String, Message>>> sources,
      BooleanSupplier live,
      Ticker ticker) {}

  private final Clusters.Sockets sockets;
  private final InetSocketAddress where;
  private final AdminPages pages;
  private final CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
  private @Nullable ServerSocketChannel server;

  public AdminServer(Clusters.Sockets sockets, InetSocketAddress where, View view) {
    this.sockets = sockets;
    this.where = where;
    this.pages = new AdminPages(view);
  }

  /** Starts to listen; {@link #address} says how that went. */
  public void open() {
    ServerSocketChannel socket = sockets.transport().listener(sockets.namespace());
    server = socket;
    socket.config().setOption(ChannelOption.SO_REUSEADDR, true);
    socket
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                accept((Channel) message);
              }
            });
    sockets.loop().register(socket);
    socket
        .bind(where)
        .addListener(
            f -> {
              if (f.isSuccess()) {
                bound.complete(socket.localAddress());
              } else {
                LOG.warn("admin interface cannot listen on {}: {}", where, f.cause().toString());
                bound.completeExceptionally(f.cause());
              }
            });
  }

  private void accept(Channel child) {
    child
        .pipeline()
        .addLast(
            new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY), new AdminHandler(pages));
    sockets.loop().register(child);
  }

  /** Where it listens. */
  public CompletableFuture<InetSocketAddress> address() {
    return bound;
  }

  /** Stops listening. */
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
