package heddle.load;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at the times a {@link Pacer} sets, however long earlier ones take (open loop). One
 * event loop does everything; an attack at a time.
 */
public final class LoadGenerator implements AutoCloseable {
  private static final int WARM_UP_REQUESTS = 20;

  private final Clock clock;
  private final LongSupplier ticker;
  private final EventLoopGroup group;
  private final boolean epoll;
  private volatile @Nullable Pacing running;

  /**
   * @param clock gives results their time of day
   * @param ticker nanoseconds, e.g. {@code System::nanoTime}
   */
  public LoadGenerator(Clock clock, LongSupplier ticker) {
    this.clock = clock;
    this.ticker = ticker;
    epoll = Epoll.isAvailable();
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("load", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /**
   * Runs an attack to its end: until every request that was sent has its result.
   *
   * @param sink gets each result once, on the event loop: it must not block
   * @throws UnknownHostException when a target's name does not resolve
   * @throws IllegalStateException while another attack runs
   */
  public void run(Attack attack, Consumer<Result> sink) throws IOException, InterruptedException {
    EventLoop loop = group.next();
    var pools = new HashMap<Endpoint, ConnectionPool>();
    var tls = new Tls(attack.insecure());
    for (var entry : addresses(attack).entrySet()) {
      var bootstrap = ConnectionPool.bootstrap(loop, epoll);
      pools.put(
          entry.getKey(),
          new ConnectionPool(entry.getKey(), entry.getValue(), attack, bootstrap, tls));
    }
    var pacing = new Pacing(attack, loop, pools, clock, ticker, sink);
    synchronized (this) {
      if (running != null) {
        throw new IllegalStateException("an attack is running already (expected: one at a time)");
      }
      running = pacing;
    }
    try {
      pacing.start();
      pacing.done().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the attack broke off: " + e.getCause(), e);
    } finally {
      running = null;
    }
  }

  /**
   * Sends a few requests to a server of its own on the loopback address, so that a process that has
   * just started does not charge its own class loading to the first requests that count.
   */
  public void warmUp() throws IOException, InterruptedException {
    // In this order the socket closes first, which ends the server that the executor waits for.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      threads.execute(new WarmUpServer(server));
      var url = "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":";
      var target = Target.get(url + server.getLocalPort() + "/");
      run(
          Attack.of(target, new Rate(1, Duration.ofMillis(1)), Duration.ofMillis(WARM_UP_REQUESTS))
              .withConnections(1),
          result -> {});
    }
  }

  /** Sends nothing more; {@link #run} returns once what was sent has its results. */
  public void stop() {
    var pacing = running;
    if (pacing != null) {
      pacing.stop();
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static Map<Endpoint, InetSocketAddress> addresses(Attack attack)
      throws UnknownHostException {
    var addresses = new HashMap<Endpoint, InetSocketAddress>();
    for (Target target : attack.targets()) {
      var endpoint = target.endpoint();
      if (!addresses.containsKey(endpoint)) {
        var address = InetAddress.getByName(endpoint.host());
        addresses.put(endpoint, new InetSocketAddress(address, endpoint.port()));
      }
    }
    return addresses;
  }
}
