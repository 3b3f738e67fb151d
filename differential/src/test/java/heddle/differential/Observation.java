package heddle.differential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that was seen of one scenario on one data plane, with everything masked that cannot be equal:
 * ports are names, ids and times are words.
 *
 * @param attempts the upstreams' names in the order in which requests reached them
 * @param upstreams by name
 * @param clients how the client's connections ended, by name
 * @param orphans access log lines of connections that sent fewer requests than were logged
 * @param stats counters' differences and gauges' values, without zeros
 */
record Observation(
    Map<String, Response> responses,
    List<String> attempts,
    Map<String, UpstreamView> upstreams,
    Map<String, ClientView> clients,
    List<String> orphans,
    Map<String, Long> stats) {

  /**
   * A response as the client read it.
   *
   * @param status 0 if there was none
   * @param connection kept or closed
   * @param log the access log line of its request
   */
  record Response(
      int status,
      String reason,
      List<Integer> interim,
      List<Message.Header> headers,
      String framing,
      String body,
      List<Message.Header> trailers,
      boolean complete,
      String connection,
      long millis,
      LogLine log) {}

  /**
   * What reached an upstream.
   *
   * @param checks the health checks, each different one once: how many there are is a matter of
   *     time
   */
  record UpstreamView(int connections, List<RequestView> requests, List<RequestView> checks) {}

  /** A request as an upstream received it. */
  record RequestView(
      int connection,
      String line,
      List<Message.Header> headers,
      String framing,
      String body,
      List<Message.Header> trailers,
      boolean complete) {}

  /** A client's connection at the end. */
  record ClientView(String end, String surplus) {}

  /** Everything as named lines, in a stable order, for comparing and for showing. */
  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    responses.forEach((id, response) -> add(lines, "responses." + id, response));
    orphans.forEach(line -> lines.put("log[" + lines.size() + "]", line));
    lines.put("attempts", String.join(" ", attempts));
    upstreams.forEach((name, view) -> add(lines, "upstreams." + name, view));
    clients.forEach(
        (name, view) -> {
          lines.put("clients." + name + ".end", view.end());
          lines.put("clients." + name + ".surplus", view.surplus());
        });
    stats.forEach((name, value) -> lines.put("stats." + name, value.toString()));
    return lines;
  }

  private static void add(Map<String, String> lines, String at, Response response) {
    lines.put(at + ".status", response.status() + " " + response.reason());
    lines.put(at + ".interim", response.interim().toString());
    lines.put(at + ".headers", join(response.headers()));
    lines.put(at + ".framing", response.framing());
    lines.put(at + ".body", shorten(response.body()));
    lines.put(at + ".trailers", join(response.trailers()));
    lines.put(at + ".complete", Boolean.toString(response.complete()));
    lines.put(at + ".connection", response.connection());
    response.log().fields().forEach((key, value) -> lines.put(at + ".log." + key, value));
  }

  private static void add(Map<String, String> lines, String at, UpstreamView view) {
    lines.put(at + ".connections", Integer.toString(view.connections()));
    for (int i = 0; i < view.requests().size(); i++) {
      RequestView request = view.requests().get(i);
      String each = at + ".requests[" + i + "]";
      lines.put(each + ".connection", Integer.toString(request.connection()));
      lines.put(each + ".line", request.line());
      lines.put(each + ".headers", join(request.headers()));
      lines.put(each + ".framing", request.framing());
      lines.put(each + ".body", shorten(request.body()));
      lines.put(each + ".trailers", join(request.trailers()));
      lines.put(each + ".complete", Boolean.toString(request.complete()));
    }
    for (int i = 0; i < view.checks().size(); i++) {
      RequestView check = view.checks().get(i);
      lines.put(at + ".checks[" + i + "].line", check.line());
      lines.put(at + ".checks[" + i + "].headers", join(check.headers()));
      lines.put(at + ".checks[" + i + "].framing", check.framing());
    }
  }

  private static String join(List<Message.Header> headers) {
    return headers.stream().map(Message.Header::toString).collect(Collectors.joining("\n"));
  }

  /** Long bodies by size and hash. */
  static String shorten(String body) {
    return body.length() <= 300
        ? body
        : body.length() + " bytes, hash " + Integer.toHexString(body.hashCode());
  }
}
