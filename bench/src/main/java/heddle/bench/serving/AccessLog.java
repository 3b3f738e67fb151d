package heddle.bench.serving;

import heddle.cluster.node.log.ContainerLog;
import heddle.proxy.accesslog.LineSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;

/** Access logs on the way that they take in a cluster: into a container's log. */
public final class AccessLog {
  private AccessLog() {}

  /** A log of its own for each node. */
  public static LineSink in(Path directory, String node) throws IOException {
    Path file = directory.resolve(node.replace('/', '-') + ".log");
    var log = new ContainerLog(file, Clock.systemUTC(), ContainerLog.MAX_BYTES);
    return line -> {
      try {
        log.line("stdout", line.stripTrailing());
      } catch (IOException e) {
        throw new UncheckedIOException("the access log cannot be written", e);
      }
    };
  }
}
