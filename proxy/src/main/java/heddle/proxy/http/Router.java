package heddle.proxy.http;

import heddle.proxy.upstream.Cluster;
import heddle.xds.route.Action;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a request that passed the checks. One per connection. */
final class Router {

  /** What becomes of it. */
  sealed interface Decision {

    /** It is answered at once; {@code routed} is null when no route was found. */
    record Answer(LocalReply reply, @Nullable Routed routed) implements Decision {}

    /** It goes to a host of this cluster. */
    record Forward(Routed routed, Action.Forward action, Cluster cluster) implements Decision {}
  }

  private final HcmConfig config;
  private final HcmStats stats;
  private final HttpEnvironment environment;

  Router(HcmConfig config, HcmStats stats, HttpEnvironment environment) {
    this.config = config;
    this.stats = stats;
    this.environment = environment;
  }

  Decision route(Request request) {
    if (request
        .method()
        .equals(HttpMethod.CONNECT)) { // no route matches it without connect_matcher
      stats.rqTotal.inc();
      stats.noRoute.inc();
      var notFound = LocalReply.of(404, "", "NR", "route_not_found");
      return new Decision.Answer(notFound.closing(), null);
    }
    String name = config.routeName();
    var table = name == null ? config.inlineRoutes() : environment.routes(name);
    Routed routed = Routed.select(table, request, environment.random().nextLong());
    if (request.upgrade() != null && !upgradeAllowed(request.upgrade(), routed)) {
      stats.downstreamRqWsOnNonWsRoute.inc();
      return new Decision.Answer(LocalReply.of(403, "upgrade_failed").closing(), null);
    }
    stats.rqTotal.inc();
    if (routed == null) {
      stats.noRoute.inc();
      return new Decision.Answer(LocalReply.of(404, "", "NR", "route_not_found"), null);
    }
    return switch (routed.route().action()) {
      case Action.Respond(int status, String text) -> {
        stats.rqDirectResponse.inc();
        LocalReply answer = LocalReply.of(status, text, null, "direct_response");
        yield new Decision.Answer(
            status == 201 || status / 100 == 3
                ? answer.at(request.scheme() + "://" + request.authority() + request.path())
                : answer,
            routed);
      }
      case Action.Redirect redirect -> {
        stats.rqDirectResponse.inc();
        String location = Rewrites.location(redirect, routed.route(), request);
        yield new Decision.Answer(
            LocalReply.redirect(redirect.status(), location, "direct_response"), routed);
      }
      case Action.Forward to -> forward(routed, to, request);
    };
  }

  private boolean upgradeAllowed(String upgrade, @Nullable Routed routed) {
    Boolean byRoute = routed == null ? null : routed.upgrades().get(upgrade);
    return byRoute != null ? byRoute : config.upgrades().contains(upgrade);
  }

  private Decision forward(Routed routed, Action.Forward to, Request request) {
    String name = routed.cluster(to, request);
    Cluster cluster = name == null ? null : environment.clusters().get(name);
    if (cluster == null) {
      stats.noCluster.inc();
      int status = to.clusterNotFoundStatus();
      return new Decision.Answer(LocalReply.of(status, "", "NC", "cluster_not_found"), routed);
    }
    return new Decision.Forward(routed, to, cluster);
  }
}
