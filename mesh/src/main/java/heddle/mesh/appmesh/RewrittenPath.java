package heddle.mesh.appmesh;

import heddle.mesh.model.RouteMatch;
import heddle.resource.appmesh.GatewayRoute;
import heddle.resource.appmesh.PathMatch;
import heddle.resource.appmesh.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path that a gateway route matches, and what becomes of it.
 *
 * @param matched what the matched part becomes; null for nothing
 * @param whole what the whole path becomes; null for nothing
 */
record RewrittenPath(RouteMatch.Path match, @Nullable String matched, @Nullable String whole) {

  /**
   * By default a matched prefix becomes {@code /}. A prefix without a slash at its end becomes two
   * paths, so that neither {@code //1} nor an empty path comes out.
   */
  static List<RewrittenPath> of(GatewayRoute route) {
    GatewayRoute.Rewrite rewrite = route.rewrite();
    if (route.protocol() == Protocol.GRPC) {
      return List.of(
          new RewrittenPath(Conversions.grpcPath(route.match().serviceName(), null), null, null));
    }
    return switch (route.match().path()) {
      case null ->
          List.of(new RewrittenPath(new RouteMatch.Path.Prefix("/"), null, rewrite.path()));
      case PathMatch.Exact exact ->
          List.of(new RewrittenPath(Conversions.path(exact), rewrite.path(), null));
      case PathMatch.Regex regex ->
          List.of(new RewrittenPath(Conversions.path(regex), null, rewrite.path()));
      case PathMatch.Prefix(String prefix) -> prefixed(prefix, rewrite);
    };
  }

  private static List<RewrittenPath> prefixed(String prefix, GatewayRoute.Rewrite rewrite) {
    RouteMatch.Path match = new RouteMatch.Path.Prefix(prefix);
    if (rewrite.path() != null) {
      return List.of(new RewrittenPath(match, null, rewrite.path()));
    }
    String replacement = rewrite.prefix() != null ? rewrite.prefix() : "/";
    if (rewrite.prefix() == null && !rewrite.defaultPrefix()) {
      return List.of(new RewrittenPath(match, null, null));
    }
    if (prefix.endsWith("/")) {
      return List.of(new RewrittenPath(match, replacement, null));
    }
    return List.of(
        new RewrittenPath(new RouteMatch.Path.Prefix(prefix + "/"), replacement, null),
        new RewrittenPath(match, replacement, null));
  }
}
