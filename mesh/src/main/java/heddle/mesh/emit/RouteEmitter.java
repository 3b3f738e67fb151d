package heddle.mesh.emit;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import heddle.mesh.model.Retry;
import heddle.mesh.model.Rewrite;
import heddle.mesh.model.RouteAction;
import heddle.mesh.model.RouteMatch;
import heddle.mesh.model.RouteTable;
import heddle.mesh.model.Share;
import heddle.mesh.model.Timeout;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.function.Function;

/** Emits route configurations. */
final class RouteEmitter {

  private RouteEmitter() {}

  static RouteConfiguration emit(
      RouteTable table, Function<heddle.mesh.model.Route, Route> emitted) {
    RouteConfiguration.Builder out =
        RouteConfiguration.newBuilder()
            .setName(table.name())
            .setIgnorePortInHostMatching(table.ignorePortInHost())
            .setValidateClusters(BoolValue.of(false));
    for (heddle.mesh.model.VirtualHost host : table.virtualHosts()) {
      VirtualHost.Builder virtual =
          VirtualHost.newBuilder()
              .setName(host.name())
              .addAllDomains(host.domains())
              .setMetadata(Messages.metadata(host.from()));
      host.routes().forEach(route -> virtual.addRoutes(emitted.apply(route)));
      out.addVirtualHosts(virtual);
    }
    return out.build();
  }

  static Route route(heddle.mesh.model.Route route) {
    Route.Builder out =
        Route.newBuilder()
            .setName(route.name())
            .setMatch(match(route.match()))
            .setMetadata(Messages.metadata(route.from()));
    switch (route.action()) {
      case RouteAction.Respond(int status) ->
          out.setDirectResponse(DirectResponseAction.newBuilder().setStatus(status));
      case RouteAction.Forward forward -> {
        out.setRoute(forward(forward));
        Rewrite.AddedHeader header = forward.rewrite().addedHeader();
        if (header != null) {
          out.addRequestHeadersToAdd(
              HeaderValueOption.newBuilder()
                  .setHeader(
                      HeaderValue.newBuilder().setKey(header.name()).setValue(header.value()))
                  .setAppendAction(
                      HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
        }
      }
    }
    return out.build();
  }

  private static io.envoyproxy.envoy.config.route.v3.RouteMatch match(RouteMatch match) {
    io.envoyproxy.envoy.config.route.v3.RouteMatch.Builder out =
        io.envoyproxy.envoy.config.route.v3.RouteMatch.newBuilder();
    switch (match.path()) {
      case RouteMatch.Path.Prefix(String value) -> out.setPrefix(value);
      case RouteMatch.Path.Exact(String value) -> out.setPath(value);
      case RouteMatch.Path.Regex(String expression) -> out.setSafeRegex(regex(expression));
    }
    match.headers().forEach(header -> out.addHeaders(header(header)));
    match.query().forEach(query -> out.addQueryParameters(query(query)));
    if (match.grpcOnly()) {
      out.setGrpc(
          io.envoyproxy.envoy.config.route.v3.RouteMatch.GrpcRouteMatchOptions
              .getDefaultInstance());
    }
    return out.build();
  }

  private static RegexMatcher regex(String expression) {
    return RegexMatcher.newBuilder().setRegex(expression).build();
  }

  private static HeaderMatcher header(RouteMatch.Header header) {
    HeaderMatcher.Builder out =
        HeaderMatcher.newBuilder().setName(header.name()).setInvertMatch(header.invert());
    switch (header.value()) {
      case RouteMatch.Value.Present ignored -> out.setPresentMatch(true);
      case RouteMatch.Value.Range(long start, long end) ->
          out.setRangeMatch(Int64Range.newBuilder().setStart(start).setEnd(end));
      case RouteMatch.Value.Exact(String value) ->
          out.setStringMatch(StringMatcher.newBuilder().setExact(value));
      case RouteMatch.Value.Prefix(String value) ->
          out.setStringMatch(StringMatcher.newBuilder().setPrefix(value));
      case RouteMatch.Value.Suffix(String value) ->
          out.setStringMatch(StringMatcher.newBuilder().setSuffix(value));
      case RouteMatch.Value.Regex(String expression) ->
          out.setStringMatch(StringMatcher.newBuilder().setSafeRegex(regex(expression)));
    }
    return out.build();
  }

  private static QueryParameterMatcher query(RouteMatch.Query query) {
    QueryParameterMatcher.Builder out = QueryParameterMatcher.newBuilder().setName(query.name());
    switch (query.value()) {
      case RouteMatch.Value.Present ignored -> out.setPresentMatch(true);
      case RouteMatch.Value.Exact(String value) ->
          out.setStringMatch(StringMatcher.newBuilder().setExact(value));
      case RouteMatch.Value.Prefix(String value) ->
          out.setStringMatch(StringMatcher.newBuilder().setPrefix(value));
      case RouteMatch.Value.Suffix(String value) ->
          out.setStringMatch(StringMatcher.newBuilder().setSuffix(value));
      case RouteMatch.Value.Regex(String expression) ->
          out.setStringMatch(StringMatcher.newBuilder().setSafeRegex(regex(expression)));
      case RouteMatch.Value.Range ignored ->
          throw new IllegalArgumentException(
              "a range for the query parameter " + query.name() + " (expected: a string match)");
    }
    return out.build();
  }

  private static io.envoyproxy.envoy.config.route.v3.RouteAction forward(
      RouteAction.Forward forward) {
    io.envoyproxy.envoy.config.route.v3.RouteAction.Builder out =
        io.envoyproxy.envoy.config.route.v3.RouteAction.newBuilder();
    WeightedCluster.Builder shares = WeightedCluster.newBuilder();
    for (Share share : forward.shares()) {
      shares.addClusters(
          WeightedCluster.ClusterWeight.newBuilder()
              .setName(share.upstream())
              .setWeight(Messages.number(share.weight())));
    }
    if (forward.shares().size() == 1) {
      out.setCluster(forward.shares().getFirst().upstream());
    } else {
      out.setWeightedClusters(shares);
    }
    switch (forward.request()) {
      case Timeout.Default ignored -> {}
      case Timeout.Disabled ignored -> out.setTimeout(Duration.getDefaultInstance());
      case Timeout.After(var duration) -> out.setTimeout(Messages.duration(duration));
    }
    switch (forward.idle()) {
      case Timeout.Default ignored -> {}
      case Timeout.Disabled ignored -> out.setIdleTimeout(Duration.getDefaultInstance());
      case Timeout.After(var duration) -> out.setIdleTimeout(Messages.duration(duration));
    }
    if (forward.retry() != null) {
      out.setRetryPolicy(retry(forward.retry()));
    }
    rewrite(forward.rewrite(), out);
    return out.build();
  }

  private static void rewrite(
      Rewrite rewrite, io.envoyproxy.envoy.config.route.v3.RouteAction.Builder out) {
    if (rewrite.matchedPath() != null) {
      out.setPrefixRewrite(rewrite.matchedPath());
    }
    if (rewrite.wholePath() != null) {
      out.setRegexRewrite(
          RegexMatchAndSubstitute.newBuilder()
              .setPattern(regex("^.+$"))
              .setSubstitution(rewrite.wholePath().replace("\\", "\\\\")));
    }
    if (rewrite.host() != null) {
      out.setHostRewriteLiteral(rewrite.host());
    }
  }

  private static RetryPolicy retry(Retry retry) {
    RetryPolicy.Builder out =
        RetryPolicy.newBuilder()
            .setRetryOn(String.join(",", retry.conditions()))
            .setNumRetries(Messages.number(retry.retries()))
            .addAllRetriableStatusCodes(retry.statusCodes())
            .addRetryHostPredicate(
                RetryPolicy.RetryHostPredicate.newBuilder()
                    .setName("envoy.retry_host_predicates.previous_hosts")
                    .setTypedConfig(Messages.any(PreviousHostsPredicate.getDefaultInstance())))
            .setHostSelectionRetryMaxAttempts(retry.hostReselections());
    if (retry.perTry() instanceof Timeout.After(var duration)) {
      out.setPerTryTimeout(Messages.duration(duration));
    }
    return out.build();
  }
}
