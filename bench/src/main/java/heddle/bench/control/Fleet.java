package heddle.bench.control;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The sidecar of the first pod of every service. */
final class Fleet implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final LongSupplier ticker;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicIntegerArray responses;
  private final CountDownLatch complete;
  private final AtomicReference<@Nullable Throwable> lost = new AtomicReference<>();
  private volatile @Nullable Awaited awaited;

  /**
   * Connects; returns once every sidecar has everything that it asked for.
   *
   * @param streams how many share a connection
   */
  Fleet(Town town, int port, Subscriber.Protocol protocol, int streams, LongSupplier ticker)
      throws InterruptedException {
    this.ticker = ticker;
    this.responses = new AtomicIntegerArray(town.services());
    this.complete = new CountDownLatch(town.services());
    for (int service = 0; service < town.services(); service++) {
      if (service % streams == 0) {
        channels.add(
            NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .executor(threads)
                .build());
      }
      join(service, town.node(service), protocol);
    }
    await(complete, "not every sidecar got its configuration");
  }

  private void join(int service, String node, Subscriber.Protocol protocol) {
    boolean[] had = new boolean[1];
    Subscriber unused =
        Subscriber.start(
            protocol,
            channels.getLast(),
            node,
            (type, resources) -> {
              responses.incrementAndGet(service);
              if (type == ResourceType.ROUTES && !had[0]) {
                had[0] = true;
                complete.countDown();
              }
              Awaited now = awaited;
              if (now != null) {
                now.heard(service, type, resources, ticker.getAsLong());
              }
            },
            problem -> lost.compareAndSet(null, problem));
  }

  int connections() {
    return channels.size();
  }

  /** How many responses a sidecar has had until now. */
  int responses(int service) {
    return responses.get(service);
  }

  /** Makes ready for a change that concerns these sidecars; see {@link #await(Awaited)}. */
  Awaited expect(Set<Integer> services, ResourceType type, String cluster, int endpoints) {
    Awaited now = new Awaited(services, type, cluster, endpoints);
    awaited = now;
    return now;
  }

  /** Waits until all of them have acknowledged it. */
  void await(Awaited change) throws InterruptedException {
    await(change.all, "not every sidecar got the change");
    awaited = null;
  }

  private void await(CountDownLatch latch, String otherwise) throws InterruptedException {
    boolean done = latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    Throwable problem = lost.get();
    if (problem != null) {
      throw new IllegalStateException("a stream ended", problem);
    }
    if (!done) {
      throw new IllegalStateException(otherwise);
    }
  }

  @Override
  public void close() {
    lost.set(new IllegalStateException("closed"));
    channels.forEach(ManagedChannel::shutdownNow);
    threads.shutdownNow();
  }

  /** Who has acknowledged a change. */
  static final class Awaited {
    private final Set<Integer> missing;
    private final ResourceType type;
    private final String cluster;
    private final int endpoints;
    private final CountDownLatch all;
    private long first;
    private long last;

    private Awaited(Set<Integer> services, ResourceType type, String cluster, int endpoints) {
      this.missing = new HashSet<>(services);
      this.type = type;
      this.cluster = cluster;
      this.endpoints = endpoints;
      this.all = new CountDownLatch(services.size());
    }

    private synchronized void heard(int service, ResourceType of, List<Any> resources, long now) {
      if (of == type && matches(resources) && missing.remove(service)) {
        first = first == 0 ? now : first;
        last = now;
        all.countDown();
      }
    }

    private boolean matches(List<Any> resources) {
      if (type != ResourceType.ENDPOINTS) {
        return true;
      }
      try {
        for (Any any : resources) {
          var assignment = any.unpack(ClusterLoadAssignment.class);
          if (assignment.getClusterName().equals(cluster)
              && assignment.getEndpointsList().stream()
                      .mapToInt(locality -> locality.getLbEndpointsCount())
                      .sum()
                  == endpoints) {
            return true;
          }
        }
        return false;
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("the server sent what cannot be read", e);
      }
    }

    /** When the first of them had it, by the ticker. */
    synchronized long first() {
      return first;
    }

    /** When the last of them had it. */
    synchronized long last() {
      return last;
    }
  }
}
