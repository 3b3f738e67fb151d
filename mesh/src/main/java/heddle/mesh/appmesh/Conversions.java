package heddle.mesh.appmesh;

import heddle.mesh.model.Provenance;
import heddle.mesh.model.RequestLog;
import heddle.mesh.model.Retry;
import heddle.mesh.model.RouteMatch;
import heddle.mesh.model.Timeout;
import heddle.resource.appmesh.AccessLog;
import heddle.resource.appmesh.HeaderMatch;
import heddle.resource.appmesh.PathMatch;
import heddle.resource.appmesh.QueryMatch;
import heddle.resource.appmesh.RetryPolicy;
import heddle.resource.appmesh.Route;
import heddle.resource.appmesh.ValueMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** App Mesh's matches, policies and logs in the model's words. */
final class Conversions {

  /** App Mesh's: both on the client's route and on the server's. */
  static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(15);

  private static final int HOST_RESELECTIONS = 5;

  private Conversions() {}

  static Timeout request(@Nullable Duration perRequest) {
    return Timeout.of(perRequest == null ? DEFAULT_REQUEST_TIMEOUT : perRequest);
  }

  static Timeout idle(@Nullable Duration idle) {
    return idle == null ? new Timeout.Default() : Timeout.of(idle);
  }

  /** What App Mesh did where nobody asked: two retries of what it thought safe to repeat. */
  static Retry defaultRetry(Provenance from) {
    return new Retry(
        List.of(
            "unavailable", "reset", "connect-failure", "refused-stream", "retriable-status-codes"),
        List.of(503),
        2,
        new Timeout.Default(),
        HOST_RESELECTIONS,
        from);
  }

  /** An explicit policy replaces the default entirely; null when it allows no retry. */
  static @Nullable Retry retry(RetryPolicy policy, Provenance from) {
    if (policy.maxRetries() == 0) {
      return null;
    }
    Set<String> conditions = new LinkedHashSet<>();
    Set<Integer> codes = new TreeSet<>();
    for (String event : policy.httpRetryEvents()) {
      switch (event) {
        case "server-error" -> {
          conditions.add("reset");
          IntStream.rangeClosed(500, 511).filter(code -> code != 509).forEach(codes::add);
        }
        case "gateway-error" -> {
          conditions.add("reset");
          codes.addAll(List.of(502, 503, 504));
        }
        case "client-error" -> codes.add(409);
        case "stream-error" -> conditions.add("refused-stream");
        default -> throw new IllegalStateException("the event " + event + " passed validation");
      }
    }
    if (!policy.tcpRetryEvents().isEmpty()) {
      conditions.add("connect-failure");
    }
    conditions.addAll(policy.grpcRetryEvents());
    if (!codes.isEmpty()) {
      conditions.add("retriable-status-codes");
    }
    return new Retry(
        new ArrayList<>(conditions),
        new ArrayList<>(codes),
        policy.maxRetries(),
        Timeout.of(policy.perRetryTimeout()),
        HOST_RESELECTIONS,
        from);
  }

  static RouteMatch match(Route.Match match) {
    return switch (match) {
      case Route.Match.Http http ->
          new RouteMatch(
              path(http.path()),
              headers(http.headers(), http.method(), http.scheme()),
              query(http.query()),
              false);
      case Route.Match.Grpc grpc ->
          new RouteMatch(
              grpcPath(grpc.serviceName(), grpc.methodName()),
              headers(grpc.metadata(), null, null),
              List.of(),
              true);
      case Route.Match.Tcp ignored -> RouteMatch.everything();
    };
  }

  static RouteMatch.Path path(PathMatch path) {
    return switch (path) {
      case PathMatch.Prefix(String value) -> new RouteMatch.Path.Prefix(value);
      case PathMatch.Exact(String value) -> new RouteMatch.Path.Exact(value);
      case PathMatch.Regex(String expression) -> new RouteMatch.Path.Regex(expression);
    };
  }

  static RouteMatch.Path grpcPath(@Nullable String service, @Nullable String method) {
    if (service == null) {
      return new RouteMatch.Path.Prefix("/");
    }
    return method == null
        ? new RouteMatch.Path.Prefix("/" + service + "/")
        : new RouteMatch.Path.Exact("/" + service + "/" + method);
  }

  static List<RouteMatch.Header> headers(
      List<HeaderMatch> headers, @Nullable String method, @Nullable String scheme) {
    List<RouteMatch.Header> all = new ArrayList<>();
    if (method != null) {
      all.add(new RouteMatch.Header(":method", new RouteMatch.Value.Exact(method), false));
    }
    if (scheme != null) {
      all.add(new RouteMatch.Header(":scheme", new RouteMatch.Value.Exact(scheme), false));
    }
    for (HeaderMatch header : headers) {
      all.add(new RouteMatch.Header(header.name(), value(header.match()), header.invert()));
    }
    return all;
  }

  private static RouteMatch.Value value(@Nullable ValueMatch match) {
    return switch (match) {
      case null -> new RouteMatch.Value.Present();
      case ValueMatch.Exact(String value) -> new RouteMatch.Value.Exact(value);
      case ValueMatch.Prefix(String value) -> new RouteMatch.Value.Prefix(value);
      case ValueMatch.Suffix(String value) -> new RouteMatch.Value.Suffix(value);
      case ValueMatch.Regex(String expression) -> new RouteMatch.Value.Regex(expression);
      case ValueMatch.Range(long start, long end) -> new RouteMatch.Value.Range(start, end);
    };
  }

  static List<RouteMatch.Query> query(List<QueryMatch> query) {
    List<RouteMatch.Query> all = new ArrayList<>();
    for (QueryMatch parameter : query) {
      RouteMatch.Value value =
          parameter.exact() == null
              ? new RouteMatch.Value.Present()
              : new RouteMatch.Value.Exact(parameter.exact());
      all.add(new RouteMatch.Query(parameter.name(), value));
    }
    return all;
  }

  static @Nullable RequestLog log(@Nullable AccessLog log) {
    if (log == null) {
      return null;
    }
    RequestLog.Format format =
        switch (log.format()) {
          case AccessLog.Format.Default ignored -> new RequestLog.Format.Default();
          case AccessLog.Format.Text(String text) -> new RequestLog.Format.Text(text);
          case AccessLog.Format.Json(List<AccessLog.Member> members) ->
              new RequestLog.Format.Json(
                  members.stream().map(m -> new RequestLog.Member(m.key(), m.value())).toList());
        };
    return new RequestLog(log.path(), format);
  }
}
