package heddle.differential;

import heddle.differential.Observation.RequestView;
import heddle.differential.Observation.Response;
import java.util.Map;

/** Writes an observation as an {@code expect} part, for an author to cut down to what matters. */
final class Showing {
  private final StringBuilder text = new StringBuilder();

  static String of(Observation observation) {
    return new Showing().show(observation);
  }

  private String show(Observation observation) {
    line(0, "expect:");
    line(1, "responses:");
    observation.responses().forEach(this::response);
    observation.orphans().forEach(line -> line(1, "# logged besides: " + line));
    line(1, "attempts: [" + String.join(", ", observation.attempts()) + "]");
    line(1, "upstreams:");
    observation
        .upstreams()
        .forEach(
            (name, view) -> {
              line(2, name + ":");
              line(3, "connections: " + view.connections());
              line(3, "requests:" + (view.requests().isEmpty() ? " 0" : ""));
              view.requests().forEach(this::request);
            });
    line(1, "clients:");
    observation
        .clients()
        .forEach(
            (name, view) ->
                line(
                    2,
                    name
                        + ": "
                        + view.end()
                        + (view.surplus().isEmpty() ? "" : " # surplus " + quote(view.surplus()))));
    stats("cluster", "cluster.c.", observation.stats());
    stats("http", "http.p.", observation.stats());
    line(1, "stats:");
    observation
        .stats()
        .forEach(
            (name, value) -> {
              if (!name.startsWith("cluster.c.") && !name.startsWith("http.p.")) {
                line(2, name + ": " + value);
              }
            });
    return text.toString();
  }

  private void stats(String group, String prefix, Map<String, Long> stats) {
    line(1, group + ":");
    stats.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            line(2, name.substring(prefix.length()) + ": " + value);
          }
        });
  }

  private void response(String id, Response response) {
    line(2, id + ":");
    line(3, "status: " + response.status());
    line(3, "flags: " + quote(response.log().field("flags")));
    line(3, "details: " + quote(response.log().field("details")));
    if (!response.interim().isEmpty()) {
      line(3, "interim: " + response.interim());
    }
    line(3, "framing: " + response.framing());
    line(3, "body: " + quote(Observation.shorten(response.body())));
    line(3, "complete: " + response.complete());
    line(3, "connection: " + response.connection());
    line(3, "headers:");
    response.headers().forEach(header -> line(4, header.name() + ": " + quote(header.value())));
    if (!response.trailers().isEmpty()) {
      line(3, "trailers:");
      response.trailers().forEach(header -> line(4, header.name() + ": " + quote(header.value())));
    }
    line(3, "# took " + response.millis() + " ms; " + response.log());
  }

  private void request(RequestView request) {
    line(3, "- line: " + quote(request.line()));
    line(4, "connection: " + request.connection());
    line(4, "framing: " + request.framing());
    line(4, "body: " + quote(Observation.shorten(request.body())));
    line(4, "complete: " + request.complete());
    line(4, "headers:");
    request.headers().forEach(header -> line(5, header.name() + ": " + quote(header.value())));
    if (!request.trailers().isEmpty()) {
      line(4, "trailers:");
      request.trailers().forEach(header -> line(5, header.name() + ": " + quote(header.value())));
    }
  }

  private static String quote(String value) {
    return '"'
        + value
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\r", "\\r")
            .replace("\n", "\\n")
            .replace("\0", "\\0")
        + '"';
  }

  private void line(int depth, String content) {
    text.append("  ".repeat(depth)).append(content).append('\n');
  }
}
