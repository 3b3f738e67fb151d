package heddle.proxy.upstream;

import heddle.proxy.http1.Framing;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.http1.ResponseDecoder;
import heddle.proxy.stats.Counter;
import heddle.proxy.stats.Gauge;
import heddle.proxy.stats.Stats;
import heddle.proxy.upstream.ClusterConfig.HealthCheckConfig;
import heddle.proxy.upstream.ClusterConfig.HealthCheckConfig.Check;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks every host of a cluster, again and again, whether it is well. Semantics: Envoy's {@code
 * health_checks} (each check on a connection of its own). A host is well when all checks say so.
 */
final class HealthChecks {
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
  private static final AsciiString ENVOY_HC = AsciiString.cached("Envoy/HC");

  private final Cluster cluster;
  private final RandomGenerator random;
  private final Map<Host, List<Session>> sessions = new HashMap<>();
  private final Counter attempt;
  private final Counter success;
  private final Counter failure;
  private final Counter networkFailure;
  private final Gauge healthy;

  HealthChecks(Cluster cluster, Stats stats, RandomGenerator random) {
    this.cluster = cluster;
    this.random = random;
    String p = "cluster." + cluster.config().name().replace(':', '_') + ".health_check.";
    attempt = stats.counter(p + "attempt");
    success = stats.counter(p + "success");
    failure = stats.counter(p + "failure");
    networkFailure = stats.counter(p + "network_failure");
    healthy = stats.gauge(p + "healthy");
  }

  void watch(Host host) {
    var all = cluster.config().healthChecks().stream().map(c -> new Session(host, c)).toList();
    sessions.put(host, all);
    all.forEach(Session::first);
  }

  void forget(Host host) {
    var all = sessions.remove(host);
    if (all != null) {
      all.forEach(Session::close);
      countHealthy();
    }
  }

  /** The cluster is over. Its gauges may be those of its successor already: they stay. */
  void close() {
    sessions.values().forEach(all -> all.forEach(Session::close));
    sessions.clear();
  }

  private void countHealthy() {
    healthy.set(sessions.keySet().stream().filter(h -> !h.failedActiveCheck()).count());
  }

  private void judge(Host host) {
    var all = sessions.get(host);
    if (all == null) {
      return;
    }
    boolean well = all.stream().allMatch(s -> s.well);
    boolean changed = host.failedActiveCheck() == well;
    host.pendingActiveCheck(!all.stream().allMatch(s -> s.judged));
    host.failedActiveCheck(!well);
    if (well) {
      cluster.healthCheckPassed(host);
    }
    countHealthy();
    if (changed) {
      cluster.healthChanged(host);
    }
    cluster.checked();
  }

  /** One host under one check. */
  private final class Session {
    private final Host host;
    private final HealthCheckConfig config;
    private @Nullable Future<?> timer;
    private @Nullable SocketChannel channel;
    private boolean well;
    private boolean judged;
    private boolean closed;
    private boolean answered;
    private int failuresInRow;
    private int successesInRow;

    Session(Host host, HealthCheckConfig config) {
      this.host = host;
      this.config = config;
    }

    void first() {
      long jitter = config.initialJitter().toNanos();
      after(Duration.ofNanos(jitter > 0 ? random.nextLong(jitter) : 0), this::check);
    }

    void close() {
      closed = true;
      if (timer != null) {
        timer.cancel(false);
      }
      if (channel != null) {
        channel.close();
      }
    }

    private void after(Duration delay, Runnable task) {
      timer = cluster.loop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void check() {
      if (closed) {
        return;
      }
      attempt.inc();
      answered = false;
      after(config.timeout(), () -> networkFailed());
      SocketChannel socket;
      try {
        socket = cluster.unmeteredSocket();
      } catch (RuntimeException e) {
        networkFailed();
        return;
      }
      channel = socket;
      var decoder = new ResponseDecoder(HeaderBlock.FACTORY);
      decoder.expect(method(), false);
      socket.pipeline().addLast(decoder, new Answer(this));
      int port = config.altPort() > 0 ? config.altPort() : host.address().getPort();
      cluster
          .loop()
          .register(socket)
          .addListener(
              registered ->
                  socket
                      .connect(new InetSocketAddress(host.address().getAddress(), port))
                      .addListener(f -> connected(socket, f.isSuccess())));
    }

    private HttpMethod method() {
      return config.check() instanceof Check.Http http
          ? HttpMethod.valueOf(http.method())
          : HttpMethod.GET;
    }

    private void connected(SocketChannel socket, boolean ok) {
      if (socket != channel || answered) {
        socket.close();
        return;
      }
      if (!ok) {
        networkFailed();
        return;
      }
      switch (config.check()) {
        case Check.Tcp() -> passed();
        case Check.Http http -> {
          var headers = new HeaderBlock();
          String name = host.endpoint().hostname();
          headers.append(
              HOST,
              !http.host().isEmpty()
                  ? http.host()
                  : !name.isEmpty() ? name : cluster.config().name());
          headers.append(USER_AGENT, ENVOY_HC);
          socket.writeAndFlush(
              cluster
                  .heads()
                  .request(socket.alloc(), method(), http.path(), headers, Framing.AS_IS),
              socket.voidPromise());
        }
      }
    }

    void responded(int status) {
      if (answered || !(config.check() instanceof Check.Http http)) {
        return;
      }
      if (http.expected().contains(status)) {
        passed();
      } else {
        failed(http.retriable().contains(status));
      }
    }

    void networkFailed() {
      if (!answered) {
        networkFailure.inc();
        failed(true);
      }
    }

    private void passed() {
      success.inc();
      failuresInRow = 0;
      successesInRow++;
      if (!well && (!judged || successesInRow >= config.healthyThreshold())) {
        well = true;
      }
      settle(well ? interval() : config.healthyEdgeInterval());
    }

    private void failed(boolean mayRecover) {
      failure.inc();
      successesInRow = 0;
      failuresInRow++;
      if (!mayRecover || failuresInRow >= config.unhealthyThreshold()) {
        well = false;
      }
      settle(well ? config.unhealthyEdgeInterval() : config.unhealthyInterval());
    }

    private Duration interval() {
      return cluster.everConnected() ? config.interval() : config.noTrafficInterval();
    }

    private void settle(Duration next) {
      answered = true;
      judged = true;
      if (timer != null) {
        timer.cancel(false);
      }
      if (channel != null) {
        channel.close();
        channel = null;
      }
      judge(host);
      if (!closed) {
        long jitter = config.intervalJitter().toNanos();
        after(next.plusNanos(jitter > 0 ? random.nextLong(jitter) : 0), this::check);
      }
    }
  }

  private static final class Answer extends ChannelInboundHandlerAdapter {
    private final Session session;

    Answer(Session session) {
      this.session = session;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      if (message instanceof HttpResponse response) {
        session.responded(response.decoderResult().isFailure() ? 0 : response.status().code());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (session.channel == ctx.channel()) {
        session.networkFailed();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // ends like a close by the host: channelInactive follows
    }
  }
}
