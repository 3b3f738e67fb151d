package heddle.bench.wrk;

import heddle.bench.machine.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run of wrk came to.
 *
 * @param requests that were answered
 * @param seconds it took
 * @param failures without an answer, or with another status than 2xx and 3xx
 */
public record Wrk(long requests, double seconds, long failures) {
  private static final Pattern DONE = Pattern.compile("done (\\d+) (\\d+) (\\d+)");

  private static final String DONE_FUNCTION =
      """
      function done(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("done %d %d %d\\n", summary.requests, summary.duration,
          e.connect + e.read + e.write + e.status + e.timeout))
      end
      """;

  /**
   * Asks on a number of connections.
   *
   * @param requests sent in turn on all connections together
   * @param directory for wrk's script
   */
  public static Wrk run(
      int port, List<Request> requests, int connections, int seconds, Path directory)
      throws IOException, InterruptedException {
    Path script = directory.resolve("wrk.lua");
    Files.writeString(script, script(requests) + DONE_FUNCTION);
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
                "http://127.0.0.1:" + port + requests.getFirst().path()));
    Matcher done = DONE.matcher(said);
    if (!done.find()) {
      throw new IOException("wrk has no result:\n" + said);
    }
    return new Wrk(
        Long.parseLong(done.group(1)),
        Long.parseLong(done.group(2)) / 1e6,
        Long.parseLong(done.group(3)));
  }

  private static String script(List<Request> requests) {
    if (requests.size() == 1) { // wrk sends it again and again without asking the script
      Request only = requests.getFirst();
      return "wrk.method = '%s'%nwrk.body = %s%n".formatted(only.method(), body(only));
    }
    var script = new StringBuilder("local all, turn = {}, 0\nfunction init(args)\n");
    for (int i = 0; i < requests.size(); i++) {
      Request one = requests.get(i);
      script.append(
          "  all[%d] = wrk.format('%s', '%s', nil, %s)%n"
              .formatted(i, one.method(), one.path(), body(one)));
    }
    return script
        .append("end\nfunction request() turn = (turn + 1) %% %d; return all[turn] end\n")
        .toString()
        .formatted(requests.size());
  }

  private static String body(Request request) {
    return request.bytes() == 0 ? "nil" : "string.rep('x', " + request.bytes() + ")";
  }
}
