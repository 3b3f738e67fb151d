package heddle.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A scenario drawn by lot: one host, a route with some retry policy and timeouts, an upstream that
 * answers, fails and misbehaves, and a client that sends a few requests. It has no expectation:
 * that both data planes show the same is the expectation.
 *
 * @param route of the route action
 * @param cluster of the cluster
 * @param hcm of the connection manager
 * @param answers of upstream a
 * @param steps one after another
 */
record RandomScenario(
    List<String> route,
    List<String> cluster,
    List<String> hcm,
    List<String> answers,
    List<String> steps) {

  /** As the file of a folder of {@code spec/traffic}. */
  String yaml() {
    StringBuilder text =
        new StringBuilder("why: Drawn by lot; say here what it turned out to be about.\n");
    text.append("config:\n");
    text.append("  vhost: {include_attempt_count_in_response: true}\n");
    text.append("  route: {").append(String.join(", ", route)).append("}\n");
    text.append("  cluster: {").append(String.join(", ", cluster)).append("}\n");
    text.append("  hcm: {").append(String.join(", ", hcm)).append("}\n");
    text.append("upstreams:\n  a:\n");
    answers.forEach(answer -> text.append("  - ").append(answer).append('\n'));
    text.append("steps:\n");
    steps.forEach(step -> text.append("- ").append(step).append('\n'));
    return text.toString();
  }

  static Arbitrary<RandomScenario> any() {
    return Combinators.combine(routes(), clusters(), hcms(), answerLists(), stepLists())
        .as(RandomScenario::new);
  }

  // ---- configuration ----

  private static Arbitrary<List<String>> routes() {
    Arbitrary<String> timeout = Arbitraries.of("", "", "timeout: 1.5s", "timeout: 0s");
    return Combinators.combine(timeout, retryPolicies())
        .as((first, second) -> present(List.of(first, second)));
  }

  private static Arbitrary<String> retryPolicies() {
    Arbitrary<Set<String>> on =
        Arbitraries.of(
                "5xx",
                "gateway-error",
                "reset",
                "connect-failure",
                "retriable-4xx",
                "refused-stream",
                "reset-before-request",
                "retriable-status-codes",
                "envoy-ratelimited")
            .set()
            .ofMinSize(0)
            .ofMaxSize(3);
    Arbitrary<Integer> retries = Arbitraries.integers().between(0, 3);
    Arbitrary<String> perTry = Arbitraries.of("", "", "", ", per_try_timeout: 0.4s");
    return Combinators.combine(on, retries, perTry)
        .as(
            (tokens, n, timeout) ->
                tokens.isEmpty()
                    ? ""
                    : "retry_policy: {retry_on: \""
                        + String.join(",", tokens)
                        + "\", num_retries: "
                        + n
                        + timeout
                        + ", retriable_status_codes: [404, 503]"
                        + ", retry_back_off: {base_interval: 0.001s, max_interval: 0.002s}}");
  }

  private static Arbitrary<List<String>> clusters() {
    return Arbitraries.of(
            "",
            "",
            "",
            "max_requests_per_connection: 1",
            "circuit_breakers: {thresholds: [{max_retries: 0}]}",
            "circuit_breakers: {thresholds: [{max_requests: 1}]}",
            "circuit_breakers: {thresholds: [{max_connections: 1}]}",
            "outlier_detection: {consecutive_5xx: 2, max_ejection_percent: 100, interval: 3600s}")
        .map(one -> present(List.of(one)));
  }

  private static Arbitrary<List<String>> hcms() {
    return Arbitraries.of(
            "",
            "",
            "server_name: other",
            "server_header_transformation: PASS_THROUGH",
            "normalize_path: true, merge_slashes: true",
            "always_set_request_id_in_response: true",
            "generate_request_id: false")
        .map(one -> present(List.of(one)));
  }

  private static List<String> present(List<String> parts) {
    return parts.stream().filter(part -> !part.isEmpty()).toList();
  }

  // ---- the upstream ----

  private static Arbitrary<List<String>> answerLists() {
    Arbitrary<String> status =
        Arbitraries.of(200, 201, 204, 304, 404, 409, 500, 502, 503, 504).map(String::valueOf);
    Arbitrary<String> odd =
        Arbitraries.of(
            "close",
            "reset",
            "{status: 200, chunked: [one, two]}",
            "{status: 200, chunked: [one], trailers: {x-t: v}}",
            "{status: 200, chunked: [one], unfinished: true, then: close}",
            "{status: 200, framing: close, body: until the end}",
            "{status: 200, body: half, length: 50, then: close}",
            "{status: 200, body: half, length: 50, then: reset}",
            "{status: 503, headers: {x-envoy-ratelimited: \"true\"}}",
            "{status: 503, headers: {connection: close}, then: close}",
            "{status: 200, headers: {connection: close, keep-alive: timeout=5}, then: close}",
            "{status: 200, headers: {server: mine, date: yesterday, x-a: [one, two]}}",
            "{status: 200, interim: [103]}",
            "{status: 503, interim: [100]}",
            "{status: 503, early: true, then: close}",
            "{status: 200, size: 70000}",
            "{status: 200, body: \"\"}",
            "{raw: \"HTTP/1.1 200 OK\\r\\ncontent-length: x\\r\\n\\r\\n\", then: close}",
            "{raw: \"HTTP/1.1 200 OK\\r\\ncontent-le\", then: close}",
            "{raw: \"HTTP/1.0 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok\", then: close}",
            "{raw: \"nonsense\\r\\n\\r\\n\", then: close}");
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, status), net.jqwik.api.Tuple.of(4, odd))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  // ---- the client ----

  private static Arbitrary<List<String>> stepLists() {
    Arbitrary<String> method =
        Arbitraries.of(
            "get: /", "get: /", "get: //a/../b?q=1", "post: /", "options: /x", "put: /%2e%2e/y");
    Arbitrary<String> body =
        Arbitraries.of(
            "", "", ", body: hello", ", chunked: [he, llo]", ", body: \"\"", ", size: 30000");
    Arbitrary<String> headers =
        Arbitraries.of(
            "",
            "",
            "",
            ", headers: {connection: close}",
            ", headers: {expect: 100-continue}",
            ", headers: {x-a: [one, two], cookie: [a=1, b=2]}",
            ", headers: {x-envoy-retry-on: 5xx, x-envoy-max-retries: \"5\"}",
            ", headers: {x-forwarded-for: 10.0.0.1, x-forwarded-proto: https}",
            ", headers: {te: trailers, x-request-id: mine}",
            ", headers: {connection: \"keep-alive, x-drop\", x-drop: v}",
            ", host: \"Test:80\"");
    Arbitrary<String> connection = Arbitraries.of("", ", on: c1", ", on: c2");
    return Combinators.combine(method, body, headers, connection)
        .as((m, b, h, c) -> "request: {" + m + b + h + c + "}")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(RandomScenario::withoutDeadConnections);
  }

  /** A connection that the client asked to be closed is not used again. */
  private static List<String> withoutDeadConnections(List<String> steps) {
    List<String> fresh = new ArrayList<>();
    int generation = 0;
    for (String step : steps) {
      fresh.add(step.replaceAll("on: (c\\d)", "on: $1x" + generation));
      if (step.contains("connection: close")) {
        generation++;
      }
    }
    return fresh;
  }
}
