package heddle.xds.route;

import com.google.protobuf.util.Durations;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns Envoy's route messages into a {@link RouteTable}, collecting every problem on the way. */
final class RouteCompiler {
  private final List<String> problems = new ArrayList<>();
  private final RetryCompiler retries = new RetryCompiler(this);
  private String at = "";

  RouteTable compile(RouteConfiguration configuration) {
    at = configuration.getName();
    var hosts = new ArrayList<HostRoutes>();
    for (var host : configuration.getVirtualHostsList()) {
      hosts.add(host(host));
    }
    at = configuration.getName();
    var edits =
        new HeaderEdits(
            additions(configuration.getRequestHeadersToAddList()),
            removals(configuration.getRequestHeadersToRemoveList()),
            additions(configuration.getResponseHeadersToAddList()),
            removals(configuration.getResponseHeadersToRemoveList()));
    if (!problems.isEmpty()) {
      throw new RouteConfigException(problems);
    }
    return new RouteTable(
        configuration.getName(),
        hosts,
        edits,
        configuration.getMostSpecificHeaderMutationsWins(),
        configuration.getIgnorePortInHostMatching());
  }

  void problem(String sentence) {
    problems.add(at + ": " + sentence);
  }

  private HostRoutes host(VirtualHost host) {
    var routes = new ArrayList<RouteEntry>();
    @Nullable RetryRule retry =
        host.hasRetryPolicy() ? retries.compile(host.getRetryPolicy()) : null;
    for (int i = 0; i < host.getRoutesCount(); i++) {
      var route = host.getRoutes(i);
      at = host.getName() + " routes[" + i + "] " + route.getName();
      routes.add(route(route, retry));
    }
    at = host.getName();
    return new HostRoutes(
        host.getName(),
        host.getDomainsList().stream().map(d -> d.toLowerCase(Locale.ROOT)).toList(),
        routes,
        new HeaderEdits(
            additions(host.getRequestHeadersToAddList()),
            removals(host.getRequestHeadersToRemoveList()),
            additions(host.getResponseHeadersToAddList()),
            removals(host.getResponseHeadersToRemoveList())),
        host.getIncludeRequestAttemptCount(),
        host.getIncludeAttemptCountInResponse());
  }

  private RouteEntry route(Route route, @Nullable RetryRule hostRetry) {
    var match = route.getMatch();
    return new RouteEntry(
        route.getName(),
        path(match),
        match.getHeadersList().stream().map(this::header).toList(),
        match.getQueryParametersList().stream().map(this::query).toList(),
        match.hasRuntimeFraction()
            ? fraction(match.getRuntimeFraction().getDefaultValue())
            : RouteEntry.Fraction.ALL,
        match.hasGrpc(),
        action(route, hostRetry),
        new HeaderEdits(
            additions(route.getRequestHeadersToAddList()),
            removals(route.getRequestHeadersToRemoveList()),
            additions(route.getResponseHeadersToAddList()),
            removals(route.getResponseHeadersToRemoveList())),
        route.getMetadata());
  }

  private PathCondition path(RouteMatch match) {
    boolean caseSensitive = !match.hasCaseSensitive() || match.getCaseSensitive().getValue();
    return switch (match.getPathSpecifierCase()) {
      case PREFIX -> new PathCondition.Prefix(match.getPrefix(), caseSensitive);
      case PATH -> new PathCondition.Exact(match.getPath(), caseSensitive);
      case SAFE_REGEX -> new PathCondition.Regex(regex(match.getSafeRegex().getRegex()));
      case PATH_SEPARATED_PREFIX ->
          new PathCondition.SeparatedPrefix(match.getPathSeparatedPrefix(), caseSensitive);
      case CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> {
        problem(
            "match.path_specifier %s is not supported (expected: prefix, path, safe_regex or"
                    .formatted(match.getPathSpecifierCase())
                + " path_separated_prefix)");
        yield new PathCondition.Prefix("/", true);
      }
    };
  }

  Pattern regex(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      problem("regex %s: %s (expected: RE2 syntax)".formatted(expression, e.getDescription()));
      return Pattern.compile("");
    }
  }

  HeaderCondition header(HeaderMatcher matcher) {
    HeaderCondition.Test test =
        switch (matcher.getHeaderMatchSpecifierCase()) {
          case PRESENT_MATCH -> new HeaderCondition.Test.Present(matcher.getPresentMatch());
          case HEADERMATCHSPECIFIER_NOT_SET -> new HeaderCondition.Test.Present(true);
          case RANGE_MATCH ->
              new HeaderCondition.Test.Range(
                  matcher.getRangeMatch().getStart(), matcher.getRangeMatch().getEnd());
          case STRING_MATCH -> value(string(matcher.getStringMatch()));
          case EXACT_MATCH ->
              matcher.getExactMatch().isEmpty()
                  ? new HeaderCondition.Test.Present(true)
                  : value(new StringCondition.Exact(matcher.getExactMatch(), false));
          case PREFIX_MATCH -> value(new StringCondition.Prefix(matcher.getPrefixMatch(), false));
          case SUFFIX_MATCH -> value(new StringCondition.Suffix(matcher.getSuffixMatch(), false));
          case CONTAINS_MATCH ->
              value(new StringCondition.Contains(matcher.getContainsMatch(), false));
          case SAFE_REGEX_MATCH ->
              value(new StringCondition.Regex(regex(matcher.getSafeRegexMatch().getRegex())));
        };
    return new HeaderCondition(
        matcher.getName().toLowerCase(Locale.ROOT),
        test,
        matcher.getInvertMatch(),
        matcher.getTreatMissingHeaderAsEmpty());
  }

  private static HeaderCondition.Test value(StringCondition condition) {
    return new HeaderCondition.Test.Value(condition);
  }

  private StringCondition string(StringMatcher matcher) {
    boolean ignoreCase = matcher.getIgnoreCase();
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> new StringCondition.Exact(matcher.getExact(), ignoreCase);
      case PREFIX -> new StringCondition.Prefix(matcher.getPrefix(), ignoreCase);
      case SUFFIX -> new StringCondition.Suffix(matcher.getSuffix(), ignoreCase);
      case CONTAINS -> new StringCondition.Contains(matcher.getContains(), ignoreCase);
      case SAFE_REGEX -> new StringCondition.Regex(regex(matcher.getSafeRegex().getRegex()));
      case CUSTOM, MATCHPATTERN_NOT_SET -> {
        problem("string match %s is not supported".formatted(matcher.getMatchPatternCase()));
        yield new StringCondition.Exact("", false);
      }
    };
  }

  private QueryCondition query(QueryParameterMatcher matcher) {
    return new QueryCondition(
        matcher.getName(),
        matcher.hasStringMatch() ? string(matcher.getStringMatch()) : null,
        !matcher.hasPresentMatch() || matcher.getPresentMatch());
  }

  private static RouteEntry.Fraction fraction(FractionalPercent percent) {
    long denominator =
        switch (percent.getDenominator()) {
          case HUNDRED, UNRECOGNIZED -> 100;
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
        };
    return new RouteEntry.Fraction(percent.getNumerator(), denominator);
  }

  private Action action(Route route, @Nullable RetryRule hostRetry) {
    return switch (route.getActionCase()) {
      case ROUTE -> forward(route.getRoute(), hostRetry);
      case REDIRECT -> redirect(route.getRedirect());
      case DIRECT_RESPONSE -> {
        var response = route.getDirectResponse();
        if (response.getStatus() < 200 || response.getStatus() > 599) {
          problem(
              "direct_response.status: %d (expected: 200 to 599)".formatted(response.getStatus()));
        }
        yield new Action.Respond(response.getStatus(), body(response.getBody()));
      }
      case FILTER_ACTION, NON_FORWARDING_ACTION, ACTION_NOT_SET -> {
        problem("action %s is not supported".formatted(route.getActionCase()));
        yield new Action.Respond(500, "");
      }
    };
  }

  private String body(io.envoyproxy.envoy.config.core.v3.DataSource source) {
    return switch (source.getSpecifierCase()) {
      case INLINE_STRING -> source.getInlineString();
      case INLINE_BYTES -> source.getInlineBytes().toStringUtf8();
      case SPECIFIER_NOT_SET -> "";
      case FILENAME, ENVIRONMENT_VARIABLE -> {
        problem("direct_response.body: only inline text is supported");
        yield "";
      }
    };
  }

  private Action redirect(RedirectAction redirect) {
    int status =
        switch (redirect.getResponseCode()) {
          case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
          case FOUND -> 302;
          case SEE_OTHER -> 303;
          case TEMPORARY_REDIRECT -> 307;
          case PERMANENT_REDIRECT -> 308;
        };
    Action.PathRewrite rewrite =
        redirect.hasPrefixRewrite()
            ? new Action.PathRewrite.Prefix(redirect.getPrefixRewrite())
            : redirect.hasRegexRewrite()
                ? new Action.PathRewrite.Regex(
                    regex(redirect.getRegexRewrite().getPattern().getRegex()),
                    redirect.getRegexRewrite().getSubstitution())
                : null;
    return new Action.Redirect(
        redirect.getHttpsRedirect()
            ? "https"
            : redirect.getSchemeRedirect().isEmpty() ? null : redirect.getSchemeRedirect(),
        redirect.getHostRedirect().isEmpty() ? null : redirect.getHostRedirect(),
        redirect.getPortRedirect(),
        redirect.hasPathRedirect() && !redirect.getPathRedirect().isEmpty()
            ? redirect.getPathRedirect()
            : null,
        rewrite,
        redirect.getStripQuery(),
        status);
  }

  private Action forward(RouteAction route, @Nullable RetryRule hostRetry) {
    Map<String, Boolean> upgrades = new HashMap<>();
    for (var upgrade : route.getUpgradeConfigsList()) {
      upgrades.put(
          upgrade.getUpgradeType().toLowerCase(Locale.ROOT),
          !upgrade.hasEnabled() || upgrade.getEnabled().getValue());
    }
    return new Action.Forward(
        clusters(route),
        pathRewrite(route),
        hostRewrite(route),
        route.getAppendXForwardedHost(),
        route.hasTimeout() ? duration(route.getTimeout()) : Duration.ofSeconds(15),
        route.hasIdleTimeout() ? duration(route.getIdleTimeout()) : null,
        route.hasMaxStreamDuration() && route.getMaxStreamDuration().hasMaxStreamDuration()
            ? duration(route.getMaxStreamDuration().getMaxStreamDuration())
            : null,
        route.hasRetryPolicy() ? retries.compile(route.getRetryPolicy()) : hostRetry,
        upgrades,
        switch (route.getClusterNotFoundResponseCode()) {
          case SERVICE_UNAVAILABLE, UNRECOGNIZED -> 503;
          case NOT_FOUND -> 404;
          case INTERNAL_SERVER_ERROR -> 500;
        });
  }

  private Action.ClusterChoice clusters(RouteAction route) {
    return switch (route.getClusterSpecifierCase()) {
      case CLUSTER -> new Action.ClusterChoice.Single(route.getCluster());
      case CLUSTER_HEADER ->
          new Action.ClusterChoice.FromHeader(route.getClusterHeader().toLowerCase(Locale.ROOT));
      case WEIGHTED_CLUSTERS -> weighted(route.getWeightedClusters());
      case CLUSTER_SPECIFIER_PLUGIN, INLINE_CLUSTER_SPECIFIER_PLUGIN, CLUSTERSPECIFIER_NOT_SET -> {
        problem(
            "route.cluster_specifier %s is not supported"
                .formatted(route.getClusterSpecifierCase()));
        yield new Action.ClusterChoice.Single("");
      }
    };
  }

  private Action.ClusterChoice weighted(WeightedCluster weighted) {
    long total = 0;
    var clusters = new ArrayList<Action.WeightedCluster>();
    for (var cluster : weighted.getClustersList()) {
      long weight = Integer.toUnsignedLong(cluster.getWeight().getValue());
      total += weight;
      clusters.add(
          new Action.WeightedCluster(
              cluster.getName(),
              weight,
              new HeaderEdits(
                  additions(cluster.getRequestHeadersToAddList()),
                  removals(cluster.getRequestHeadersToRemoveList()),
                  additions(cluster.getResponseHeadersToAddList()),
                  removals(cluster.getResponseHeadersToRemoveList())),
              cluster.getHostRewriteLiteral().isEmpty() ? null : cluster.getHostRewriteLiteral()));
    }
    if (total <= 0 || total > 0xffff_ffffL) {
      problem("weighted_clusters: weights sum to %d (expected: 1 to 4294967295)".formatted(total));
    }
    return new Action.ClusterChoice.Weighted(
        clusters, total, weighted.getHeaderName().isEmpty() ? null : weighted.getHeaderName());
  }

  private Action.@Nullable PathRewrite pathRewrite(RouteAction route) {
    if (!route.getPrefixRewrite().isEmpty()) {
      return new Action.PathRewrite.Prefix(route.getPrefixRewrite());
    }
    if (route.hasRegexRewrite()) {
      return new Action.PathRewrite.Regex(
          regex(route.getRegexRewrite().getPattern().getRegex()),
          route.getRegexRewrite().getSubstitution());
    }
    return null;
  }

  private Action.@Nullable HostRewrite hostRewrite(RouteAction route) {
    return switch (route.getHostRewriteSpecifierCase()) {
      case HOST_REWRITE_LITERAL -> new Action.HostRewrite.Literal(route.getHostRewriteLiteral());
      case HOST_REWRITE_HEADER ->
          new Action.HostRewrite.FromHeader(route.getHostRewriteHeader().toLowerCase(Locale.ROOT));
      case AUTO_HOST_REWRITE ->
          route.getAutoHostRewrite().getValue() ? new Action.HostRewrite.Endpoint() : null;
      case HOSTREWRITESPECIFIER_NOT_SET -> null;
      default -> {
        problem(
            "route.host_rewrite_specifier %s is not supported"
                .formatted(route.getHostRewriteSpecifierCase()));
        yield null;
      }
    };
  }

  static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofNanos(Durations.toNanos(duration));
  }

  @SuppressWarnings("deprecation") // HeaderValueOption.append still arrives from older servers
  private List<HeaderEdits.Addition> additions(List<HeaderValueOption> options) {
    var additions = new ArrayList<HeaderEdits.Addition>();
    for (var option : options) {
      String name = option.getHeader().getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(":") || name.equals("host")) {
        problem("header %s cannot be added (expected: no host or pseudo header)".formatted(name));
      }
      HeaderEdits.Mode mode =
          switch (option.getAppendAction()) {
            case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED ->
                option.hasAppend() && !option.getAppend().getValue()
                    ? HeaderEdits.Mode.OVERWRITE_OR_ADD
                    : HeaderEdits.Mode.APPEND_OR_ADD;
            case ADD_IF_ABSENT -> HeaderEdits.Mode.ADD_IF_ABSENT;
            case OVERWRITE_IF_EXISTS_OR_ADD -> HeaderEdits.Mode.OVERWRITE_OR_ADD;
            case OVERWRITE_IF_EXISTS -> HeaderEdits.Mode.OVERWRITE_IF_EXISTS;
          };
      additions.add(
          new HeaderEdits.Addition(
              name, option.getHeader().getValue(), mode, option.getKeepEmptyValue()));
    }
    return additions;
  }

  private static List<String> removals(List<String> names) {
    return names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
  }
}
