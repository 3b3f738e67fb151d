package heddle.mesh.appmesh;

import heddle.resource.appmesh.PathMatch;
import heddle.resource.appmesh.Route;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The order in which routes are tried: priority (0 first, unset last), then the longer path, then
 * exact before regular expression before prefix, then more conditions, then the alphabet. All
 * beyond the path's length is Heddle's choice where App Mesh's is not known.
 */
record RouteOrder(int priority, int length, int kind, int conditions, String text)
    implements Comparable<RouteOrder> {

  private static final int LAST = 1001;
  private static final Comparator<RouteOrder> ORDER =
      Comparator.comparingInt(RouteOrder::priority)
          .thenComparing(Comparator.comparingInt(RouteOrder::length).reversed())
          .thenComparingInt(RouteOrder::kind)
          .thenComparing(Comparator.comparingInt(RouteOrder::conditions).reversed())
          .thenComparing(RouteOrder::text);

  static RouteOrder of(Route route) {
    int priority = route.priority() == null ? LAST : route.priority();
    return switch (route.match()) {
      case Route.Match.Http http ->
          of(
              priority,
              http.path(),
              http.headers().size()
                  + http.query().size()
                  + (http.method() == null ? 0 : 1)
                  + (http.scheme() == null ? 0 : 1));
      case Route.Match.Grpc grpc ->
          of(
              priority,
              new PathMatch.Prefix(grpcPath(grpc.serviceName(), grpc.methodName())),
              grpc.metadata().size());
      case Route.Match.Tcp ignored -> of(priority, new PathMatch.Prefix("/"), 0);
    };
  }

  static String grpcPath(@Nullable String service, @Nullable String method) {
    return service == null ? "/" : "/" + service + "/" + (method == null ? "" : method);
  }

  /**
   * @param path null for any
   */
  static RouteOrder of(int priority, @Nullable PathMatch path, int conditions) {
    return switch (path) {
      case null -> new RouteOrder(priority, 1, 2, conditions, "/");
      case PathMatch.Exact(String text) ->
          new RouteOrder(priority, text.length(), 0, conditions, text);
      case PathMatch.Regex(String text) ->
          new RouteOrder(priority, text.length(), 1, conditions, text);
      case PathMatch.Prefix(String text) ->
          new RouteOrder(priority, text.length(), 2, conditions, text);
    };
  }

  @Override
  public int compareTo(RouteOrder other) {
    return ORDER.compare(this, other);
  }
}
