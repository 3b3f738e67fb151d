package heddle.proxy;

import heddle.proxy.admin.AdminServer;
import heddle.proxy.applier.SupportedFields;
import heddle.proxy.applier.XdsApplier;
import heddle.proxy.http.Drain;
import heddle.proxy.http.HttpEnvironment;
import heddle.proxy.listener.Listeners;
import heddle.proxy.socket.Transport;
import heddle.proxy.stats.Stats;
import heddle.proxy.upstream.Clusters;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsClient;
import io.grpc.Channel;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pod's proxy (or a gateway): what one Envoy process would be. Everything it does happens on
 * one event loop; the methods here may be called from any thread but that one.
 */
public final class Sidecar implements AutoCloseable {
  private static final long DRAIN_POLL_MILLIS = 20;

  private final SidecarOptions options;
  private final EventLoop loop;
  private final Stats stats = new Stats();
  private final Clusters clusters;
  private final Listeners listeners;
  private final Configuration configuration;
  private final XdsApplier applier;
  private final Drain drain = new Drain();
  private final @Nullable AdminServer admin;
  private @Nullable AdsClient client;

  Sidecar(SidecarOptions options, EventLoop loop, Transport transport, SupportedFields supported) {
    this.options = options;
    this.loop = loop;
    var sockets =
        new Clusters.Sockets(
            loop, transport, options.namespace(), options.mark(), options.nameServer());
    clusters = new Clusters(sockets, stats, options.ticker(), options.random());
    configuration = new Configuration(loop, clusters, stats);
    var environment =
        new HttpEnvironment(
            clusters,
            stats,
            configuration::table,
            options.ticker(),
            options.clock(),
            options.random(),
            drain,
            options.log());
    listeners = new Listeners(sockets, environment, options.drainTime());
    configuration.serve(listeners);
    applier = new XdsApplier(configuration, supported);
    stats.gauge("server.concurrency").set(1);
    InetSocketAddress adminAddress = options.admin();
    admin =
        adminAddress == null
            ? null
            : new AdminServer(
                sockets,
                adminAddress,
                new AdminServer.View(
                    options.node(),
                    stats,
                    clusters,
                    listeners,
                    drain,
                    configuration::sources,
                    configuration::live,
                    options.ticker()));
    if (admin != null) {
      loop.execute(admin::open);
    }
  }

  /**
   * Subscribes to an ADS server; the sidecar follows it until it is closed.
   *
   * @param channel stays the caller's
   * @param token sent as a bearer token with each stream; empty: none
   */
  public synchronized void connect(Channel channel, Supplier<String> token) {
    if (client != null) {
      throw new IllegalStateException(options.node().getId() + " is connected already");
    }
    var subscription = new Subscription();
    AdsClient started =
        AdsClient.builder(channel, options.node(), subscription).token(token).start();
    client = started;
    started.subscribeAll(ResourceType.CLUSTER);
    started.subscribeAll(ResourceType.LISTENER);
    subscription.client.complete(started);
  }

  private final class Subscription implements AdsClient.Listener {
    private final CompletableFuture<AdsClient> client = new CompletableFuture<>();

    @Override
    public AdsClient.Verdict received(AdsClient.Update update) {
      AdsClient.Verdict verdict = apply(update);
      applier.subscribe(client.join());
      return verdict;
    }

    @Override
    public void connected() {
      loop.execute(() -> stats.gauge("control_plane.connected_state").set(1));
    }

    @Override
    public void disconnected(Status status) {
      loop.execute(() -> stats.gauge("control_plane.connected_state").set(0));
    }
  }

  /** Applies one xDS response by hand, as if ADS had delivered it. Calls must not overlap. */
  public AdsClient.Verdict apply(AdsClient.Update update) {
    return applier.received(update);
  }

  /**
   * Completes when the first listener configuration is in force and its listeners accept; fails
   * when one of them cannot be opened.
   */
  public CompletableFuture<Void> ready() {
    return configuration.ready();
  }

  /** Its statistics, under Envoy's names; readable from any thread. */
  public Stats stats() {
    return stats;
  }

  /** Where each listener listens. */
  public CompletableFuture<Map<String, InetSocketAddress>> listening() {
    return onLoop(listeners::addresses);
  }

  /** Where the admin interface listens; fails when there is none. */
  public CompletableFuture<InetSocketAddress> adminAddress() {
    return admin == null
        ? CompletableFuture.failedFuture(new IllegalStateException("no admin interface"))
        : admin.address();
  }

  private <T> CompletableFuture<T> onLoop(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, loop);
  }

  /**
   * Ends it gracefully: no new connections, idle ones are closed, requests in flight are answered
   * (with {@code connection: close}), what is left after {@code grace} is cut off.
   */
  public CompletableFuture<Void> terminate(Duration grace) {
    var done = new CompletableFuture<Void>();
    long until = options.ticker().nanoTime() + grace.toNanos();
    loop.execute(
        () -> {
          drain.begin();
          listeners.retire();
          awaitDrained(until, done);
        });
    return done;
  }

  private void awaitDrained(long until, CompletableFuture<Void> done) {
    if (listeners.connections() > 0 && options.ticker().nanoTime() - until < 0) {
      loop.schedule(() -> awaitDrained(until, done), DRAIN_POLL_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    shutdown();
    done.complete(null);
  }

  private void shutdown() {
    AdsClient connected;
    synchronized (this) {
      connected = client;
      client = null;
    }
    if (connected != null) {
      connected.close();
    }
    listeners.close();
    clusters.close();
    if (admin != null) {
      admin.close();
    }
  }

  /** Ends it at once; connections are cut off. Returns when its sockets are closed. */
  @Override
  public void close() {
    onLoop(
            () -> {
              shutdown();
              return true;
            })
        .join();
  }
}
