package heddle.proxy.listener;

import heddle.proxy.http.HttpConnection;
import heddle.proxy.http.HttpEnvironment;
import heddle.proxy.socket.Transport;
import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Histogram;
import heddle.proxy.stats.ResponseTally;
import heddle.proxy.tcp.TcpProxy;
import heddle.proxy.upstream.Clusters;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One listening socket and the chains behind it. */
final class ActiveListener {
  private static final int BACKLOG = 4096;

  private final Clusters.Sockets sockets;
  private final HttpEnvironment environment;
  private final Duration drainTime;
  private ListenerConfig config;
  private List<ActiveChain> chains;
  private @Nullable ActiveChain fallback;
  private @Nullable ServerSocketChannel server;
  private final Counter cxTotal;
  private final Gauge cxActive;
  private final Counter cxDestroy;
  private final Histogram cxLength;
  private final Counter noChain;
  private final Map<String, ResponseTally> tallies = new HashMap<>();
  private final String statPrefix;
  private int connections;

  ActiveListener(
      ListenerConfig config,
      Clusters.Sockets sockets,
      HttpEnvironment environment,
      Duration drainTime) {
    this.sockets = sockets;
    this.environment = environment;
    this.drainTime = drainTime;
    this.config = config;
    this.chains = config.chains().stream().map(ActiveChain::new).toList();
    this.fallback = config.fallback() == null ? null : new ActiveChain(config.fallback());
    var stats = environment.stats();
    String own = config.address().replace(':', '_') + "_" + config.port();
    String p = "listener." + (config.statPrefix().isEmpty() ? own : config.statPrefix()) + ".";
    statPrefix = p;
    cxTotal = stats.counter(p + "downstream_cx_total");
    cxActive = stats.gauge(p + "downstream_cx_active");
    cxDestroy = stats.counter(p + "downstream_cx_destroy");
    cxLength = stats.histogram(p + "downstream_cx_length_ms");
    noChain = stats.counter(p + "no_filter_chain_match");
  }

  /** Whether its socket would serve that configuration, too. */
  boolean listensWhere(ListenerConfig other) {
    return config.port() == other.port() && config.address().equals(other.address());
  }

  ListenerConfig config() {
    return config;
  }

  /**
   * Binds the socket inside the sidecar's namespace. Connections wait in the kernel until {@link
   * #accept}.
   */
  ChannelFuture bind() {
    ServerSocketChannel socket = sockets.transport().listener(sockets.namespace());
    server = socket;
    socket.config().setOption(ChannelOption.SO_REUSEADDR, true);
    socket.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
    socket.config().setAutoRead(false);
    socket.pipeline().addLast(new Acceptor());
    var bound = socket.newPromise();
    sockets
        .loop()
        .register(socket)
        .addListener(
            registered -> {
              if (registered.isSuccess()) {
                socket.bind(new InetSocketAddress(config.address(), config.port()), bound);
              } else {
                bound.setFailure(registered.cause());
              }
            });
    return bound;
  }

  /** Takes connections from now on. */
  void accept() {
    if (server != null) {
      server.config().setAutoRead(true);
    }
  }

  /** Where it listens; the port is the kernel's choice when the configuration said 0. */
  @Nullable InetSocketAddress address() {
    return server == null ? null : server.localAddress();
  }

  /** New chains on the same socket: unchanged ones go on, the others drain. */
  void update(ListenerConfig next) {
    var old = new ArrayList<>(chains);
    if (fallback != null) {
      old.add(fallback);
    }
    chains = next.chains().stream().map(c -> reuse(old, c)).toList();
    fallback = next.fallback() == null ? null : reuse(old, next.fallback());
    config = next;
    old.forEach(this::drain);
  }

  private static ActiveChain reuse(List<ActiveChain> old, ListenerConfig.Chain wanted) {
    for (ActiveChain chain : old) {
      if (chain.config().equals(wanted)) {
        old.remove(chain);
        return chain;
      }
    }
    return new ActiveChain(wanted);
  }

  private void drain(ActiveChain chain) {
    chain.drain().begin();
    if (!chain.idle()) {
      sockets.loop().schedule(chain::closeConnections, drainTime.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Accepts no more; connections end after their current request, or after the drain time. */
  void shutdown() {
    if (server != null) {
      server.close();
    }
    all().forEach(this::drain);
  }

  /** Every response from now on ends its connection. */
  void drainConnections() {
    all().forEach(chain -> chain.drain().begin());
  }

  /** Closes HTTP connections without a request, now and whenever one becomes idle. */
  void closeIdleConnections() {
    all().forEach(ActiveChain::closeIdleConnections);
  }

  void closeConnections() {
    all().forEach(ActiveChain::closeConnections);
  }

  int connections() {
    return connections;
  }

  private List<ActiveChain> all() {
    var every = new ArrayList<>(chains);
    if (fallback != null) {
      every.add(fallback);
    }
    return every;
  }

  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var child = (Channel) message;
      child.config().setOption(ChannelOption.TCP_NODELAY, true);
      child.config().setAutoRead(false);
      Transport.limitBuffer(child, config.bufferLimit());
      child.pipeline().addLast(new Arrival());
      sockets
          .loop()
          .register(child)
          .addListener(
              registered -> {
                if (!registered.isSuccess()) {
                  child.unsafe().closeForcibly();
                }
              });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Out of descriptors: stop accepting for a moment instead of spinning.
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(() -> ctx.channel().config().setAutoRead(true), 100, TimeUnit.MILLISECONDS);
    }
  }

  /** Finds the chain of a new connection, and makes room for its handlers. */
  private final class Arrival extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      connections++;
      ctx.channel().closeFuture().addListener(f -> connections--);
      InetSocketAddress destination = destination(ctx.channel());
      List<ActiveChain> left = ChainMatcher.byDestination(chains, destination);
      if (config.inspectTls() && left.stream().anyMatch(c -> c.match().needsInspection())) {
        ctx.pipeline()
            .addLast(
                new TlsInspector(
                    (name, tls) ->
                        serve(ctx.channel(), ChainMatcher.byTls(left, name, tls), destination)));
        ctx.pipeline().remove(this);
        ctx.channel().config().setAutoRead(true);
      } else {
        serve(ctx.channel(), ChainMatcher.byTls(left, null, false), destination);
        ctx.pipeline().remove(this);
      }
    }

    private InetSocketAddress destination(Channel channel) {
      InetSocketAddress original =
          config.originalDestination() ? sockets.transport().originalDestination(channel) : null;
      return original != null ? original : (InetSocketAddress) channel.localAddress();
    }
  }

  /** A connection counts from when it has a chain, as Envoy's do. */
  private void count(Channel channel) {
    cxTotal.inc();
    cxActive.inc();
    long since = environment.ticker().nanoTime();
    channel
        .closeFuture()
        .addListener(
            f -> {
              cxActive.dec();
              cxDestroy.inc();
              cxLength.record(
                  TimeUnit.NANOSECONDS.toMillis(environment.ticker().nanoTime() - since));
            });
  }

  private ResponseTally tally(String hcm) {
    return new ResponseTally(environment.stats(), statPrefix + "http." + hcm + ".downstream_rq_");
  }

  private void serve(
      Channel channel, @Nullable ActiveChain matched, InetSocketAddress destination) {
    ActiveChain chain = matched == null ? fallback : matched;
    if (chain == null) {
      noChain.inc();
      channel.close();
      return;
    }
    count(channel);
    chain.joined(channel);
    channel.closeFuture().addListener(f -> chain.left(channel));
    ChannelPipeline pipeline = channel.pipeline();
    switch (chain.config().handler()) {
      case ListenerConfig.Handler.Http(var http) -> {
        var connection =
            new HttpConnection(
                environment,
                http,
                channel,
                tallies.computeIfAbsent(http.statPrefix(), this::tally),
                chain.drain(),
                destination);
        pipeline.addLast(connection.decoder(), connection);
        channel.config().setAutoRead(true);
      }
      case ListenerConfig.Handler.Tcp(var tcp) ->
          pipeline.addLast(new TcpProxy(environment, tcp, channel, destination));
    }
  }
}
