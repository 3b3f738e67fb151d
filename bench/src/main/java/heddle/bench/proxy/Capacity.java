package heddle.bench.proxy;

import heddle.bench.wrk.Wrk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Closed loop: as fast as it goes.
 *
 * @param cpuSeconds that the proxy used meanwhile, all its threads and the kernel's work for it
 */
record Capacity(Wrk wrk, double cpuSeconds) {

  double perSecond() {
    return wrk.requests() / wrk.seconds();
  }

  double perCpuSecond() {
    return wrk.requests() / cpuSeconds;
  }

  long failures() {
    return wrk.failures();
  }

  /** Drives one proxy for a while. */
  static Capacity measure(
      Contestant.Running proxy, Shape shape, int connections, int seconds, Path directory)
      throws IOException, InterruptedException {
    double before = proxy.cpuSeconds();
    Wrk wrk =
        Wrk.run(
            proxy.port(shape.hops()), List.of(shape.request()), connections, seconds, directory);
    return new Capacity(wrk, proxy.cpuSeconds() - before);
  }
}
