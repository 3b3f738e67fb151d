package heddle.xds.route;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.List;

/**
 * One route: all its conditions, and what happens when they hold.
 *
 * @param name the route's name, empty if it has none
 * @param path condition on the path without query and fragment
 * @param headers all must hold
 * @param query all must hold
 * @param fraction share of requests that match, or {@link Fraction#ALL}
 * @param grpcOnly whether only requests with a gRPC content type match
 * @param action what happens
 * @param edits header changes of the route level
 * @param metadata where the route came from (provenance)
 */
public record RouteEntry(
    String name,
    PathCondition path,
    List<HeaderCondition> headers,
    List<QueryCondition> query,
    Fraction fraction,
    boolean grpcOnly,
    Action action,
    HeaderEdits edits,
    Metadata metadata) {

  public RouteEntry {
    headers = List.copyOf(headers);
    query = List.copyOf(query);
  }

  /** Envoy: {@code runtime_fraction}; matches when {@code random mod denominator < numerator}. */
  public record Fraction(long numerator, long denominator) {
    /** Every request. */
    public static final Fraction ALL = new Fraction(1, 1);

    boolean holds(long random) {
      return denominator == 1 || Long.remainderUnsigned(random, denominator) < numerator;
    }
  }

  boolean matches(RequestView request, String path, int queryStart, long random) {
    if (!this.path.matches(path) || !fraction.holds(random)) {
      return false;
    }
    if (grpcOnly && !isGrpc(request.header("content-type"))) {
      return false;
    }
    for (int i = 0; i < headers.size(); i++) {
      if (!headers.get(i).matches(request)) {
        return false;
      }
    }
    if (!query.isEmpty()) {
      var parameters = QueryCondition.parse(request.path(), queryStart);
      for (var condition : query) {
        if (!condition.matches(parameters)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isGrpc(@org.jspecify.annotations.Nullable String contentType) {
    return contentType != null
        && contentType.startsWith("application/grpc")
        && (contentType.length() == 16 || contentType.charAt(16) == '+');
  }
}
