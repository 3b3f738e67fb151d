package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.differential.Expectation.Check;
import heddle.differential.Observation.RequestView;
import heddle.differential.Observation.Response;
import heddle.differential.Observation.UpstreamView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the {@code expect} part of a scenario. */
final class ExpectationReader {
  private static final LogLine NO_LINE = new LogLine("", Map.of());
  private static final Response NO_RESPONSE =
      new Response(0, "", List.of(), List.of(), "none", "", List.of(), false, "none", 0, NO_LINE);

  private final List<Check> checks = new ArrayList<>();

  Expectation read(Part part) {
    responses(part);
    attempts(part);
    if (part.has("upstreams")) {
      Part upstreams = part.part("upstreams");
      upstreams.entries().forEach((name, node) -> upstream(name, upstreams.of(name, node)));
    }
    if (part.has("clients")) {
      part.part("clients")
          .entries()
          .forEach(
              (name, end) ->
                  add("clients." + name, end.asText(), seen -> seen.clients().get(name).end()));
    }
    for (String group : List.of("cluster", "http", "stats")) {
      if (part.has(group)) {
        String prefix =
            switch (group) {
              case "cluster" -> "cluster.c.";
              case "http" -> "http.p.";
              default -> "";
            };
        part.part(group).entries().forEach((name, value) -> stat(prefix + name, value));
      }
    }
    part.end();
    return new Expectation(List.copyOf(checks));
  }

  private void add(String line, String expected, Function<Observation, String> observed) {
    checks.add(new Check(line, expected, observed));
  }

  private void stat(String name, JsonNode value) {
    number(name, value, seen -> seen.stats().getOrDefault(name, 0L));
  }

  /** A number, or a text like {@code >= 1}. */
  private void number(String name, JsonNode value, Function<Observation, Long> found) {
    if (value.isTextual() && value.asText().startsWith(">=")) {
      long least = Long.parseLong(value.asText().substring(2).strip());
      add(
          name,
          value.asText(),
          seen -> found.apply(seen) >= least ? value.asText() : found.apply(seen).toString());
      return;
    }
    add(name, value.asText(), seen -> found.apply(seen).toString());
  }

  private void attempts(Part part) {
    if (!part.has("attempts")) {
      return;
    }
    JsonNode node = part.get("attempts");
    if (node.isArray()) {
      add(
          "attempts",
          String.join(" ", part.texts("attempts")),
          seen -> String.join(" ", seen.attempts()));
      return;
    }
    node.properties()
        .forEach(
            entry ->
                number(
                    "attempts." + entry.getKey(),
                    entry.getValue(),
                    seen -> (long) Collections.frequency(seen.attempts(), entry.getKey())));
  }

  private void responses(Part part) {
    if (!part.has("responses")) {
      return;
    }
    JsonNode node = part.get("responses");
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        int index = i;
        response(
            part,
            "responses[" + i + "]",
            node.get(i),
            seen -> List.copyOf(seen.responses().values()).get(index));
      }
      return;
    }
    Part all = part.part("responses");
    all.entries()
        .forEach(
            (id, each) ->
                response(
                    all,
                    "responses." + id,
                    each,
                    seen -> seen.responses().getOrDefault(id, NO_RESPONSE)));
  }

  private void response(
      Part parent, String at, JsonNode node, Function<Observation, Response> response) {
    if (node.isInt()) {
      add(at + ".status", node.asText(), response.andThen(r -> Integer.toString(r.status())));
      return;
    }
    Part part = parent.of(at, node);
    text(part, at, "status", response.andThen(r -> Integer.toString(r.status())));
    text(part, at, "reason", response.andThen(Response::reason));
    text(part, at, "framing", response.andThen(Response::framing));
    text(part, at, "complete", response.andThen(r -> Boolean.toString(r.complete())));
    text(part, at, "connection", response.andThen(Response::connection));
    text(part, at, "details", response.andThen(r -> r.log().field("details")));
    body(part, at, response.andThen(Response::body));
    headers(part, at, "headers", response.andThen(Response::headers));
    headers(part, at, "trailers", response.andThen(Response::trailers));
    if (part.has("flags")) {
      String flags = String.join(",", new TreeSet<>(Arrays.asList(part.text("flags").split(","))));
      add(at + ".flags", flags, response.andThen(r -> r.log().field("flags")));
    }
    if (part.has("interim")) {
      add(
          at + ".interim",
          part.texts("interim").toString(),
          response.andThen(r -> r.interim().toString()));
    }
    if (part.has("log")) {
      part.part("log")
          .entries()
          .forEach(
              (key, value) ->
                  add(
                      at + ".log." + key,
                      value.asText(),
                      response.andThen(r -> r.log().field(key))));
    }
    took(part, at, response);
    part.end();
  }

  private void text(Part part, String at, String key, Function<Observation, String> observed) {
    if (part.has(key)) {
      add(at + "." + key, part.text(key), observed);
    }
  }

  private void body(Part part, String at, Function<Observation, String> body) {
    text(part, at, "body", body);
    text(part, at, "body_size", body.andThen(b -> Integer.toString(b.length())));
    if (part.has("body_starts")) {
      String start = part.text("body_starts");
      add(at + ".body_starts", start, body.andThen(b -> b.startsWith(start) ? start : b));
    }
  }

  /** Header values by name: a text to equal, null for absent, true for present. */
  private void headers(
      Part part, String at, String key, Function<Observation, List<Message.Header>> headers) {
    if (!part.has(key)) {
      return;
    }
    part.part(key)
        .entries()
        .forEach(
            (name, value) -> {
              Function<Observation, String> found = headers.andThen(all -> joined(all, name));
              String line = at + "." + key + "." + name;
              if (value.isNull()) {
                add(line, "(absent)", found);
              } else if (value.isBoolean() && value.asBoolean()) {
                add(line, "(present)", found.andThen(v -> v.equals("(absent)") ? v : "(present)"));
              } else {
                add(line, value.asText(), found);
              }
            });
  }

  private static String joined(List<Message.Header> headers, String name) {
    List<String> values =
        headers.stream().filter(h -> h.name().equals(name)).map(Message.Header::value).toList();
    return values.isEmpty() ? "(absent)" : String.join(",", values);
  }

  private void took(Part part, String at, Function<Observation, Response> response) {
    if (!part.has("took")) {
      return;
    }
    Part took = part.part("took");
    for (String key : List.of("at_least", "under")) {
      if (took.has(key)) {
        long limit = took.duration(key).toMillis();
        String expected = took.text(key);
        add(
            at + ".took." + key,
            expected,
            response.andThen(
                r ->
                    (key.equals("under") ? r.millis() < limit : r.millis() >= limit)
                        ? expected
                        : r.millis() + "ms"));
      }
    }
    took.end();
  }

  private void upstream(String name, Part part) {
    Function<Observation, UpstreamView> upstream = seen -> seen.upstreams().get(name);
    String at = "upstreams." + name;
    text(part, at, "connections", upstream.andThen(u -> Integer.toString(u.connections())));
    if (part.has("requests") && part.get("requests").isInt()) {
      text(part, at, "requests", upstream.andThen(u -> Integer.toString(u.requests().size())));
    } else {
      List<JsonNode> requests = part.list("requests");
      for (int i = 0; i < requests.size(); i++) {
        int index = i;
        Part request = part.of("requests[" + i + "]", requests.get(i));
        request(
            request, at + ".requests[" + i + "]", upstream.andThen(u -> u.requests().get(index)));
        request.end();
      }
      if (part.has("requests")) {
        add(
            at + ".requests.count",
            Integer.toString(requests.size()),
            upstream.andThen(u -> Integer.toString(u.requests().size())));
      }
    }
    checks(part, at, upstream);
    part.end();
  }

  private void checks(Part part, String at, Function<Observation, UpstreamView> upstream) {
    List<JsonNode> checks = part.list("checks");
    for (int i = 0; i < checks.size(); i++) {
      int index = i;
      Part check = part.of("checks[" + i + "]", checks.get(i));
      request(check, at + ".checks[" + i + "]", upstream.andThen(u -> u.checks().get(index)));
      check.end();
    }
  }

  private void request(Part part, String at, Function<Observation, RequestView> request) {
    text(part, at, "line", request.andThen(RequestView::line));
    text(part, at, "path", request.andThen(r -> r.line().split(" ")[1]));
    text(part, at, "method", request.andThen(r -> r.line().split(" ")[0]));
    text(part, at, "framing", request.andThen(RequestView::framing));
    text(part, at, "complete", request.andThen(r -> Boolean.toString(r.complete())));
    text(part, at, "connection", request.andThen(r -> Integer.toString(r.connection())));
    body(part, at, request.andThen(RequestView::body));
    headers(part, at, "headers", request.andThen(RequestView::headers));
    headers(part, at, "trailers", request.andThen(RequestView::trailers));
    if (part.has("header_names")) {
      add(
          at + ".header_names",
          String.join(" ", part.texts("header_names")),
          request.andThen(
              r ->
                  r.headers().stream().map(Message.Header::name).collect(Collectors.joining(" "))));
    }
  }
}
