package heddle.network;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps all carriers of virtual threads alive, and born in the host's namespace.
 *
 * <p>A carrier is an ordinary thread that the JVM starts when a virtual thread becomes runnable and
 * too few carriers exist; it inherits the namespace of whoever made the virtual thread runnable. An
 * event loop of a node that completes a future would so move virtual threads, and every socket they
 * open, into the node. Therefore all carriers are started from the host at once, and never grow
 * idle for the 30 seconds after which the scheduler lets one go.
 */
final class HostCarriers implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final int PATIENT = 20_000_000;
  private static final int BRIEF = 100_000;

  private final ScheduledExecutorService ticks;

  /** Call it on a thread of the host. */
  HostCarriers(String cluster) {
    ThreadFactory threads = Thread.ofPlatform().daemon().name("carriers-" + cluster).factory();
    ticks = new ScheduledThreadPoolExecutor(1, threads);
    occupyAll(PATIENT);
    long period = PERIOD.toMillis();
    ticks.scheduleAtFixedRate(() -> occupyAll(BRIEF), period, period, TimeUnit.MILLISECONDS);
  }

  /**
   * Has one virtual thread on every carrier at the same time, so that all of them exist and none
   * counts as idle.
   *
   * @param spins how often each looks around for the others before it gives up
   */
  private static void occupyAll(int spins) {
    int carriers =
        Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    AtomicInteger arrived = new AtomicInteger();
    for (int i = 0; i < carriers; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                arrived.incrementAndGet();
                for (int spin = 0; spin < spins && arrived.get() < carriers; spin++) {
                  Thread.onSpinWait();
                }
              });
    }
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    ticks.close();
  }
}
