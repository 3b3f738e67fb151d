package heddle.cli.wiring;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that was started for one cluster; closing it stops all, the last started first. */
public final class RunningCluster implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningCluster.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  RunningCluster() {}

  <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        // The rest must be stopped all the same.
        LOG.warn("stopping {}", part.getClass().getSimpleName(), e);
      }
    }
  }
}
