package heddle.cluster.node.probe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Probes one container until it is closed. The first probe comes at once after the initial delay;
 * the second after a random part of the period, so that containers started together are not probed
 * together. As long as nobody listens in a container that never succeeded, it is asked again soon:
 * that costs the program nothing and does not count as a failure before a period is over.
 */
public final class ProbeLoop implements AutoCloseable {
  private static final Duration FIRST_KNOCK = Duration.ofMillis(50);
  private static final Duration LONGEST_KNOCK = Duration.ofMillis(400);

  private final Probe probe;
  private final Check check;
  private final Listener listener;
  private final RandomGenerator random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private int successes;
  private int failures;

  /** Carries out the probe once. */
  public interface Check {
    ProbeResult run() throws InterruptedException;
  }

  /** Hears about every counted answer. */
  public interface Listener {

    /** The success threshold is reached, or was before. */
    void succeeded(Probe probe);

    /**
     * A failure.
     *
     * @param thresholdReached whether it counts
     */
    void failed(Probe probe, String message, boolean thresholdReached);
  }

  private ProbeLoop(Probe probe, Check check, Listener listener, RandomGenerator random) {
    this.probe = probe;
    this.check = check;
    this.listener = listener;
    this.random = random;
  }

  /** Starts probing on a virtual thread of its own. */
  public static ProbeLoop start(
      String container, Probe probe, Check check, Listener listener, RandomGenerator random) {
    ProbeLoop loop = new ProbeLoop(probe, check, listener, random);
    Thread.ofVirtual().name("probe-" + probe.kind().field() + "-" + container).start(loop::run);
    return loop;
  }

  private void run() {
    try {
      if (rest(probe.initialDelay())) {
        return;
      }
      Duration next = first();
      while (!rest(next)) {
        count(check.run());
        next = probe.period();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The first answer that counts; returns how long to wait for the second. */
  private Duration first() throws InterruptedException {
    Duration waited = Duration.ZERO;
    Duration knock = FIRST_KNOCK;
    ProbeResult result = check.run();
    while (!result.success() && !result.listening() && waited.compareTo(probe.period()) < 0) {
      if (rest(knock)) {
        return Duration.ZERO;
      }
      waited = waited.plus(knock);
      knock = knock.multipliedBy(2);
      knock = knock.compareTo(LONGEST_KNOCK) < 0 ? knock : LONGEST_KNOCK;
      result = check.run();
    }
    count(result);
    return Duration.ofMillis(1 + random.nextLong(probe.period().toMillis()));
  }

  private void count(ProbeResult result) {
    if (closed.getCount() == 0) {
      return;
    }
    if (result.success()) {
      failures = 0;
      successes++;
      if (successes >= probe.successThreshold()) {
        listener.succeeded(probe);
      }
    } else {
      successes = 0;
      failures++;
      listener.failed(probe, result.message(), failures >= probe.failureThreshold());
    }
  }

  /** Waits; true when the loop was closed meanwhile. */
  private boolean rest(Duration duration) throws InterruptedException {
    return closed.await(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends the loop; an answer that is on its way is not reported. */
  @Override
  public void close() {
    closed.countDown();
  }
}
