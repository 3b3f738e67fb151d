package heddle.proxy.tcp;

import heddle.proxy.accesslog.LogFormat;
import heddle.proxy.http.HttpEnvironment;
import heddle.proxy.upstream.Cluster;
import heddle.proxy.upstream.ClusterConfig;
import heddle.proxy.upstream.Host;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One downstream TCP connection: dials a host at once, holds what the client says meanwhile, then
 * passes bytes both ways, half-closes included.
 */
public final class TcpProxy extends ChannelInboundHandlerAdapter {
  private static final int EARLY_LIMIT = 64 * 1024;

  private final HttpEnvironment environment;
  private final TcpProxyConfig config;
  private final TcpStats stats;
  private final Channel client;
  private final InetSocketAddress destination;
  private final TcpLogRecord log;
  private @Nullable Cluster cluster;
  private @Nullable Host host;
  private @Nullable SocketChannel upstream;
  private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(0);
  private int earlyBytes;
  private boolean paused;
  private boolean clientDone;
  private boolean upstreamCounted;
  private boolean ended;
  private int attempts;
  private long lastActivity;
  private long dialedAt;

  public TcpProxy(
      HttpEnvironment environment,
      TcpProxyConfig config,
      Channel client,
      InetSocketAddress destination) {
    this.environment = environment;
    this.config = config;
    this.stats = new TcpStats(environment.stats(), config.statPrefix());
    this.client = client;
    this.destination = destination;
    this.log = new TcpLogRecord(environment, client, destination);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    stats.cxTotal.inc();
    stats.cxActive.inc();
    client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    client.closeFuture().addListener(f -> clientClosed());
    client.config().setAutoRead(true);
    String name = pickCluster();
    log.cluster = name;
    cluster = environment.clusters().get(name);
    if (cluster == null) {
      stats.noRoute.inc();
      fail("NC");
      return;
    }
    dial(cluster);
  }

  private String pickCluster() {
    long total = config.shares().stream().mapToLong(TcpProxyConfig.Share::weight).sum();
    long point = total > 0 ? environment.nextRandom(total) : 0;
    for (var share : config.shares()) {
      point -= share.weight();
      if (point < 0) {
        return share.cluster();
      }
    }
    return config.shares().getLast().cluster();
  }

  private void fail(String flag) {
    log.flags.add(flag);
    client.close();
  }

  private void dial(Cluster to) {
    if (!to.connections().canCreate()) {
      to.stats().upstreamCxOverflow.inc();
      fail("UO");
      return;
    }
    Host at =
        to.config().discovery() instanceof ClusterConfig.Discovery.OriginalDestination
            ? to.hostFor(destination)
            : to.pick();
    if (at == null) {
      fail("UH");
      return;
    }
    host = at;
    log.host = at.label();
    attempts++;
    to.connections().inc();
    at.tcpOpened();
    upstreamCounted = true;
    dialedAt = environment.ticker().nanoTime();
    SocketChannel socket;
    try {
      socket = to.newSocket();
    } catch (RuntimeException e) {
      dialed(to, at, e);
      return;
    }
    upstream = socket;
    var options = socket.config();
    options.setOption(ChannelOption.TCP_NODELAY, true);
    options.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    options.setOption(
        ChannelOption.CONNECT_TIMEOUT_MILLIS,
        (int) Math.min(to.config().connectTimeout().toMillis(), Integer.MAX_VALUE));
    options.setAutoRead(false);
    client
        .eventLoop()
        .register(socket)
        .addListener(r -> socket.connect(at.address()).addListener(f -> dialed(to, at, f.cause())));
  }

  private void dialed(Cluster to, Host at, @Nullable Throwable failure) {
    to.stats().upstreamCxTotal.inc();
    if (failure != null) {
      dialFailed(to, at, failure);
      return;
    }
    to.stats().upstreamCxActive.inc();
    to.stats()
        .upstreamCxConnectMs
        .record(TimeUnit.NANOSECONDS.toMillis(environment.ticker().nanoTime() - dialedAt));
    to.localOrigin(at, true, 200);
    SocketChannel socket = upstream;
    if (socket == null) {
      return;
    }
    socket
        .closeFuture()
        .addListener(
            f -> {
              to.stats().upstreamCxActive.dec();
              to.stats().upstreamCxDestroy.inc();
              upstreamGone(to, at);
            });
    if (ended) {
      socket.close();
    } else {
      join(socket);
    }
  }

  /** Another host, or the end. */
  private void dialFailed(Cluster to, Host at, Throwable failure) {
    to.stats().upstreamCxConnectFail.inc();
    if (failure instanceof ConnectTimeoutException) {
      to.stats().upstreamCxConnectTimeout.inc();
    }
    to.localOrigin(at, false, 503);
    at.outcome(false, false);
    upstreamGone(to, at);
    if (ended) {
      return;
    }
    if (attempts < config.maxConnectAttempts()) {
      dial(to);
    } else {
      stats.connectAttemptsExceeded.inc();
      log.flags.add("UF");
      fail("URX");
    }
  }

  private void join(SocketChannel socket) {
    touch();
    sendEarly(socket);
    socket
        .pipeline()
        .addLast(
            new Relay(
                client,
                bytes -> {
                  touch();
                  stats.txBytes.add(bytes);
                  log.sent += bytes;
                }));
    client
        .pipeline()
        .replace(
            this,
            "relay",
            new Relay(
                socket,
                bytes -> {
                  touch();
                  stats.rxBytes.add(bytes);
                  log.received += bytes;
                }));
    socket.config().setAutoRead(true);
    if (paused) {
      client.config().setAutoRead(true);
    }
    watchIdle();
  }

  /** Before a host is connected only a little is read, to notice when the client goes away. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var data = (ByteBuf) message;
    early.add(data);
    earlyBytes += data.readableBytes();
    if (earlyBytes > EARLY_LIMIT && !paused) {
      paused = true;
      client.config().setAutoRead(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      clientDone = true;
    }
  }

  private void sendEarly(SocketChannel socket) {
    for (ByteBuf data = early.poll(); data != null; data = early.poll()) {
      stats.rxBytes.add(data.readableBytes());
      log.received += data.readableBytes();
      socket.write(data);
    }
    socket.flush();
    if (clientDone) {
      socket.write(Unpooled.EMPTY_BUFFER).addListener(f -> socket.shutdownOutput());
      socket.flush();
    }
  }

  private void touch() {
    lastActivity = environment.ticker().nanoTime();
  }

  private void watchIdle() {
    long timeout = config.idleTimeout().toNanos();
    if (timeout == 0 || ended) {
      return;
    }
    long left = lastActivity + timeout - environment.ticker().nanoTime();
    if (left <= 0) {
      stats.idleTimeout.inc();
      client.close();
      return;
    }
    client.eventLoop().schedule(this::watchIdle, left, TimeUnit.NANOSECONDS);
  }

  private void upstreamGone(Cluster to, Host at) {
    if (upstreamCounted) {
      upstreamCounted = false;
      to.connections().dec();
      at.tcpClosed();
    }
  }

  private void clientClosed() {
    ended = true;
    early.forEach(ByteBuf::release);
    early.clear();
    stats.cxActive.dec();
    if (upstream != null) {
      upstream.close();
    }
    log.end();
    for (LogFormat format : config.accessLogs()) {
      environment.log().line(format.format(log));
    }
  }
}
