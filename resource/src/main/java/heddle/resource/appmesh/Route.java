package heddle.resource.appmesh;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A route of a virtual router.
 *
 * @param priority 0 is matched first; null is last
 * @param retryPolicy null for App Mesh's default; never set for tcp
 * @param timeout null for the defaults
 */
public record Route(
    String name,
    @Nullable Integer priority,
    Protocol protocol,
    Match match,
    List<Target> targets,
    @Nullable RetryPolicy retryPolicy,
    @Nullable Timeouts timeout) {

  public Route {
    targets = List.copyOf(targets);
  }

  /** The member that holds the route: {@code httpRoute}, {@code grpcRoute}… */
  public String field() {
    return protocol.word() + "Route";
  }

  /** Which requests, or connections, take the route. */
  public sealed interface Match {
    /** The router's listener; null for any. */
    @Nullable Integer port();

    record Http(
        PathMatch path,
        List<HeaderMatch> headers,
        List<QueryMatch> query,
        @Nullable String method,
        @Nullable String scheme,
        @Nullable Integer port)
        implements Match {
      public Http {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
      }
    }

    record Grpc(
        @Nullable String serviceName,
        @Nullable String methodName,
        List<HeaderMatch> metadata,
        @Nullable Integer port)
        implements Match {
      public Grpc {
        metadata = List.copyOf(metadata);
      }
    }

    record Tcp(@Nullable Integer port) implements Match {}
  }

  /**
   * Where a share of the requests goes.
   *
   * @param weight 0 to 100, relative to the route's other targets
   * @param port the node's listener; null when it has only one
   */
  public record Target(Reference node, int weight, @Nullable Integer port) {
    static Target of(Fields fields) {
      return new Target(
          Reference.of(fields, "virtualNode"), fields.whole("weight"), fields.wholeOrNull("port"));
    }
  }

  static Route of(Fields fields) {
    for (Protocol protocol : Protocol.values()) {
      Route route =
          fields.objectOrNull(protocol.word() + "Route", body -> of(fields, protocol, body));
      if (route != null) {
        return route;
      }
    }
    throw new IllegalStateException("a route without a type passed validation");
  }

  private static Route of(Fields fields, Protocol protocol, Fields body) {
    return new Route(
        fields.text("name"),
        fields.wholeOrNull("priority"),
        protocol,
        match(protocol, Fields.ofNullable(body.map().mapping("match"))),
        body.object("action", action -> action.objects("weightedTargets", Target::of)),
        body.objectOrNull("retryPolicy", RetryPolicy::of),
        body.objectOrNull("timeout", Timeouts::of));
  }

  private static Match match(Protocol protocol, Fields fields) {
    return switch (protocol) {
      case HTTP, HTTP2 ->
          new Match.Http(
              Objects.requireNonNull(PathMatch.of(fields)),
              fields.objects("headers", HeaderMatch::of),
              fields.objects("queryParameters", QueryMatch::of),
              fields.textOrNull("method"),
              fields.textOrNull("scheme"),
              fields.wholeOrNull("port"));
      case GRPC ->
          new Match.Grpc(
              fields.nonEmpty("serviceName"),
              fields.nonEmpty("methodName"),
              fields.objects("metadata", HeaderMatch::of),
              fields.wholeOrNull("port"));
      case TCP -> new Match.Tcp(fields.wholeOrNull("port"));
    };
  }
}
