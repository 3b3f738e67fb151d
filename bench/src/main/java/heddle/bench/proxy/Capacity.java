package heddle.bench.proxy;

import heddle.bench.machine.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Closed loop: wrk asks on a number of connections as fast as it is answered.
 *
 * @param requests that were answered
 * @param seconds it took
 * @param cpuSeconds that the proxy used meanwhile, all its threads and the kernel's work for it
 * @param failures without an answer, or with another status than 2xx and 3xx
 */
record Capacity(long requests, double seconds, double cpuSeconds, long failures) {
  private static final Pattern DONE = Pattern.compile("done (\\d+) (\\d+) (\\d+)");

  private static final String SCRIPT =
      """
      wrk.method = "%s"
      wrk.body = %s
      function done(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("done %%d %%d %%d\\n", summary.requests, summary.duration,
          e.connect + e.read + e.write + e.status + e.timeout))
      end
      """;

  double perSecond() {
    return requests / seconds;
  }

  double perCpuSecond() {
    return requests / cpuSeconds;
  }

  /** Drives one proxy for a while. */
  static Capacity measure(
      Contestant.Running proxy, Shape shape, int connections, int seconds, Path directory)
      throws IOException, InterruptedException {
    String body = shape.method().equals("POST") ? "string.rep('x', " + shape.bytes() + ")" : "nil";
    Path script = directory.resolve("wrk.lua");
    Files.writeString(script, SCRIPT.formatted(shape.method(), body));
    double before = proxy.cpuSeconds();
    String said =
        Tool.run(
            List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "30s",
                "-s",
                script.toString(),
                shape.url(proxy.port(shape.hops()))));
    double used = proxy.cpuSeconds() - before;
    Matcher done = DONE.matcher(said);
    if (!done.find()) {
      throw new IOException("wrk has no result:\n" + said);
    }
    return new Capacity(
        Long.parseLong(done.group(1)),
        Long.parseLong(done.group(2)) / 1e6,
        used,
        Long.parseLong(done.group(3)));
  }
}
