package heddle.proxy.upstream;

import heddle.proxy.http1.Framing;
import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.http1.ResponseDecoder;
import heddle.proxy.upstream.ClusterConfig.HealthCheckConfig;
import heddle.proxy.upstream.ClusterConfig.HealthCheckConfig.Check;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One host under one check, again and again. HTTP checks go over one connection as long as the host
 * keeps it.
 */
final class HealthCheckSession {
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
  private static final AsciiString ENVOY_HC = AsciiString.cached("Envoy/HC");

  private final HealthChecks all;
  private final Cluster cluster;
  private final Host host;
  private final HealthCheckConfig config;
  private final RandomGenerator random;
  private @Nullable Future<?> timer;
  private @Nullable SocketChannel channel;
  private boolean well;
  private boolean judged;
  private boolean closed;
  private boolean answered;
  private int failuresInRow;
  private int successesInRow;

  HealthCheckSession(
      HealthChecks all,
      Cluster cluster,
      Host host,
      HealthCheckConfig config,
      RandomGenerator random) {
    this.all = all;
    this.cluster = cluster;
    this.host = host;
    this.config = config;
    this.random = random;
  }

  /** Whether the host is healthy as far as this check goes. */
  boolean well() {
    return well;
  }

  /** Whether there was an outcome yet. */
  boolean judged() {
    return judged;
  }

  void start() {
    long jitter = config.initialJitter().toNanos();
    after(Duration.ofNanos(jitter > 0 ? random.nextLong(jitter) : 0), this::check);
  }

  void close() {
    closed = true;
    if (timer != null) {
      timer.cancel(false);
    }
    hangUp();
  }

  private void hangUp() {
    SocketChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private void after(Duration delay, Runnable task) {
    timer = cluster.loop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  // ---- one check ----

  private void check() {
    if (closed) {
      return;
    }
    all.attempt.inc();
    answered = false;
    after(config.timeout(), this::networkFailed);
    SocketChannel kept = channel;
    if (kept != null && config.check() instanceof Check.Http http) {
      ask(kept, http);
    } else {
      dial();
    }
  }

  private void dial() {
    SocketChannel socket;
    try {
      socket = cluster.unmeteredSocket();
    } catch (RuntimeException e) {
      networkFailed();
      return;
    }
    channel = socket;
    var decoder = new ResponseDecoder(HeaderBlock.FACTORY);
    socket.pipeline().addLast(decoder, new Answer(decoder));
    int own = host.endpoint().checkPort();
    int port = own > 0 ? own : host.address().getPort();
    var address = new InetSocketAddress(host.address().getAddress(), port);
    cluster
        .loop()
        .register(socket)
        .addListener(
            registered ->
                socket
                    .connect(address)
                    .addListener(dialled -> connected(socket, dialled.isSuccess())));
  }

  private void connected(SocketChannel socket, boolean ok) {
    if (socket != channel) {
      socket.close();
      return;
    }
    if (!ok) {
      networkFailed();
      return;
    }
    switch (config.check()) {
      case Check.Tcp() -> passed(false);
      case Check.Http http -> ask(socket, http);
    }
  }

  private void ask(SocketChannel socket, Check.Http http) {
    var headers = new HeaderBlock();
    String own = host.endpoint().checkHostname();
    headers.append(
        HOST,
        !own.isEmpty() ? own : !http.host().isEmpty() ? http.host() : cluster.config().name());
    headers.append(USER_AGENT, ENVOY_HC);
    var method = HttpMethod.valueOf(http.method());
    socket.pipeline().get(ResponseDecoder.class).expect(method, false);
    socket.writeAndFlush(
        cluster.heads().request(socket.alloc(), method, http.path(), headers, Framing.AS_IS),
        socket.voidPromise());
  }

  // ---- its outcome ----

  private void responded(Check.Http http, int status, boolean keep) {
    if (http.expected().contains(status)) {
      passed(keep);
    } else {
      failed(http.retriable().contains(status), keep);
    }
  }

  private void networkFailed() {
    if (!answered) {
      all.networkFailure.inc();
      failed(true, false);
    }
  }

  private void passed(boolean keep) {
    all.success.inc();
    failuresInRow = 0;
    successesInRow++;
    if (!well && (!judged || successesInRow >= config.healthyThreshold())) {
      well = true;
    }
    settle(
        !cluster.everConnected()
            ? config.noTrafficHealthyInterval()
            : well ? config.interval() : config.healthyEdgeInterval(),
        keep);
  }

  private void failed(boolean mayRecover, boolean keep) {
    all.failure.inc();
    successesInRow = 0;
    failuresInRow++;
    if (!mayRecover || failuresInRow >= config.unhealthyThreshold()) {
      well = false;
    }
    settle(
        !cluster.everConnected()
            ? config.noTrafficInterval()
            : well ? config.unhealthyEdgeInterval() : config.unhealthyInterval(),
        keep);
  }

  private void settle(Duration next, boolean keep) {
    answered = true;
    judged = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (!keep) {
      hangUp();
    }
    all.judge(host);
    if (!closed) {
      long jitter = config.intervalJitter().toNanos();
      after(next.plusNanos(jitter > 0 ? random.nextLong(jitter) : 0), this::check);
    }
  }

  /** Reads the responses of one connection. */
  private final class Answer extends ChannelInboundHandlerAdapter {
    private final ResponseDecoder decoder;
    private int status;
    private boolean closes;

    Answer(ResponseDecoder decoder) {
      this.decoder = decoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      if (channel != ctx.channel() || answered || !(config.check() instanceof Check.Http http)) {
        ctx.close(); // nobody asked for this
        return;
      }
      if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
        networkFailed();
        return;
      }
      if (message instanceof HttpResponse response) {
        status = response.status().code();
        closes = H1.closes(response);
      }
      if (message instanceof LastHttpContent && !decoder.informational()) {
        responded(http, status, !closes && http.reuseConnection());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (channel == ctx.channel()) {
        channel = null;
        networkFailed();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // ends like a close by the host: channelInactive follows
    }
  }
}
