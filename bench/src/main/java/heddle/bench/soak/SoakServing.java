package heddle.bench.soak;

import heddle.bench.serving.AccessLog;
import heddle.proxy.ProxyServer;
import heddle.proxy.SidecarOptions;
import heddle.proxy.socket.Transport;
import heddle.xds.ResourceType;
import heddle.xds.ads.AdsServer;
import heddle.xds.ads.Nack;
import heddle.xds.ads.NackListener;
import heddle.xds.ads.NodeAuthenticator;
import heddle.xds.snapshot.SnapshotStore;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sidecar and its control plane in one process, as in a cluster: the configuration changes at a
 * fixed pace and reaches the sidecar through ADS. Prints a {@link Sample} every few seconds.
 */
public final class SoakServing implements NackListener {
  private static final String NODE = "soak";

  private final SnapshotStore store = new SnapshotStore();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final Churn churn;
  private long leaks;

  private SoakServing(Churn churn) {
    this.churn = churn;
  }

  /**
   * Arguments: the directory of logs, milliseconds between changes (0: none), seconds between
   * samples, two listening ports, the origins' ports.
   */
  public static void main(String[] arguments) throws Exception {
    var ports = new ArrayList<Integer>();
    for (String port : List.of(arguments).subList(3, arguments.length)) {
      ports.add(Integer.parseInt(port));
    }
    var churn = new Churn(ports.get(0), ports.get(1), ports.subList(2, ports.size()));
    new SoakServing(churn)
        .serve(Path.of(arguments[0]), Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
  }

  private void serve(Path logs, long changeMillis, long sampleSeconds) throws Exception {
    System.err.println("leak detection: " + ResourceLeakDetector.getLevel());
    store.publish(NODE, churn.after(0));
    var ads = new AdsServer(store, node -> Optional.of(NODE), NodeAuthenticator.everyone(), this);
    ads.listenInProcess(NODE);
    var server = new ProxyServer(1, Thread.ofPlatform().factory(), Transport.best());
    var sidecar =
        server.sidecar(SidecarOptions.of(NODE, AccessLog.in(logs, NODE), new SplittableRandom(1)));
    sidecar.connect(InProcessChannelBuilder.forName(NODE).build(), () -> "");
    sidecar.ready().get(10, TimeUnit.SECONDS);
    var timer = Executors.newScheduledThreadPool(2);
    if (changeMillis > 0) {
      timer.scheduleAtFixedRate(this::change, changeMillis, changeMillis, TimeUnit.MILLISECONDS);
    }
    timer.scheduleAtFixedRate(this::sample, 1, sampleSeconds, TimeUnit.SECONDS);
  }

  private void change() {
    store.publish(NODE, churn.after(changes.incrementAndGet()));
  }

  private void sample() {
    try {
      System.gc(); // what is in use then is in use; and leaks are noticed
      PooledByteBufAllocator.DEFAULT.directBuffer().release(); // here Netty looks for them
      for (String leak = LeakCounter.LEAKS.poll(); leak != null; leak = LeakCounter.LEAKS.poll()) {
        leaks++;
        System.err.println("LEAK: " + leak);
      }
      var memory = ManagementFactory.getMemoryMXBean();
      System.out.println(
          new Sample(
                  ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0,
                  resident(),
                  memory.getHeapMemoryUsage().getUsed(),
                  direct(),
                  changes.get(),
                  accepted.get(),
                  refused.get(),
                  leaks)
              .json());
    } catch (IOException e) {
      System.err.println("cannot sample: " + e);
    }
  }

  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  /** Netty's own memory and the JDK's; where Netty takes the JDK's it counts only once. */
  private static long direct() {
    long jdk =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return jdk + Math.max(0, PlatformDependent.usedDirectMemory());
  }

  @Override
  public void rejected(Nack nack) {
    refused.incrementAndGet();
    System.err.println("REFUSED: " + nack);
  }

  @Override
  public void accepted(String nodeId, String snapshotKey, ResourceType type) {
    accepted.incrementAndGet();
  }
}
