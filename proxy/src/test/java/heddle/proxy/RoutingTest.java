package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a route does with a request: shares, redirects, rewrites, header changes. */
@Timeout(60)
class RoutingTest {
  private ScriptedUpstream first;
  private ScriptedUpstream second;
  private ProxyBed bed;

  @BeforeEach
  void start() throws Exception {
    first = ScriptedUpstream.answering(200, "first");
    second = ScriptedUpstream.answering(200, "second");
    bed = new ProxyBed();
    bed.accept(ResourceType.CLUSTER, fixed("c", first), fixed("d", second));
    bed.routes(r -> {});
    bed.listener();
  }

  private static Cluster fixed(String name, ScriptedUpstream upstream) {
    var assignment = ProxyBed.assignment(name, upstream.port()).toBuilder();
    assignment
        .getEndpointsBuilder(0)
        .getLbEndpointsBuilder(0)
        .getEndpointBuilder()
        .setHostname(name + ".example");
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(assignment)
        .build();
  }

  @AfterEach
  void stop() throws Exception {
    bed.close();
    first.close();
    second.close();
  }

  private static WeightedCluster.ClusterWeight share(String cluster, int weight) {
    return WeightedCluster.ClusterWeight.newBuilder()
        .setName(cluster)
        .setWeight(ProxyBed.number(weight))
        .build();
  }

  // ---- weighted clusters ----

  @Test
  void weightedClustersShareTheRequests() throws Exception {
    bed.routes(
        r ->
            r.setWeightedClusters(
                WeightedCluster.newBuilder()
                    .addClusters(share("c", 75))
                    .addClusters(share("d", 25))));
    Map<String, Integer> counts = new TreeMap<>();
    try (var client = bed.connect()) {
      for (int i = 0; i < 400; i++) {
        counts.merge(client.get("/").body(), 1, Integer::sum);
      }
    }
    assertThat(counts.get("first")).isBetween(260, 340); // the seed is fixed
    assertThat(counts.get("first") + counts.get("second")).isEqualTo(400);
  }

  @Test
  void aHeaderMayDrawTheShare() throws Exception {
    bed.routes(
        r ->
            r.setWeightedClusters(
                WeightedCluster.newBuilder()
                    .setHeaderName("x-draw")
                    .addClusters(share("c", 3))
                    .addClusters(share("d", 1))));
    assertThat(bed.get("/", "x-draw: 2").body()).isEqualTo("first");
    assertThat(bed.get("/", "x-draw: 3").body()).isEqualTo("second");
    assertThat(bed.get("/", "x-draw: 4").body()).isEqualTo("first");
    assertThat(bed.get("/", "x-draw: many").status()).isEqualTo(200);
  }

  @Test
  void aShareOfNothingGetsNothing() throws Exception {
    bed.routes(
        r ->
            r.setWeightedClusters(
                WeightedCluster.newBuilder()
                    .addClusters(share("c", 0))
                    .addClusters(share("d", 100))));
    for (int i = 0; i < 20; i++) {
      assertThat(bed.get("/").body()).isEqualTo("second");
    }
  }

  // ---- redirects ----

  private RawClient.Response redirect(
      Consumer<RedirectAction.Builder> adjust, String path, String... headers) throws Exception {
    var redirect = RedirectAction.newBuilder();
    adjust.accept(redirect);
    bed.accept(
        ResourceType.ROUTES,
        ProxyBed.table(
            Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/old"))
                .setRedirect(redirect)
                .build()));
    return bed.get(path, headers);
  }

  private static void moved(RawClient.Response response, int status, String location) {
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("location")).isEqualTo(location);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void redirectsChangeWhatTheyNameAndKeepTheRest() throws Exception {
    moved(
        redirect(r -> r.setHostRedirect("other"), "/old/a?q=1", "host: me:80"),
        301,
        "http://other/old/a?q=1");
    moved(
        redirect(r -> r.setHttpsRedirect(true), "/old?q=1", "host: me:80"),
        301,
        "https://me/old?q=1");
    moved(
        redirect(r -> r.setHttpsRedirect(true), "/old", "host: me:8080"),
        301,
        "https://me:8080/old");
    moved(
        redirect(r -> r.setPortRedirect(8443).setSchemeRedirect("https"), "/old", "host: me:80"),
        301,
        "https://me:8443/old");
    moved(redirect(r -> r.setPathRedirect("/new"), "/old/a?q=1"), 301, "http://test/new?q=1");
    moved(redirect(r -> r.setPathRedirect("/new?x=y"), "/old?q=1"), 301, "http://test/new?x=y");
    moved(redirect(r -> r.setPrefixRewrite("/new"), "/old/a?q=1"), 301, "http://test/new/a?q=1");
    moved(
        redirect(r -> r.setStripQuery(true).setHostRedirect("o"), "/old?q=1"), 301, "http://o/old");
    assertThat(bed.stat("http.p.rq_direct_response")).isEqualTo(8);
    assertThat(bed.stat("http.p.rq_direct_response")).isEqualTo(8);
    assertThat(bed.clusterStat("upstream_rq_completed")).isZero();
  }

  @Test
  void redirectsHaveTheStatusTheyAreGiven() throws Exception {
    var codes =
        Map.of(
            RedirectAction.RedirectResponseCode.FOUND, 302,
            RedirectAction.RedirectResponseCode.SEE_OTHER, 303,
            RedirectAction.RedirectResponseCode.TEMPORARY_REDIRECT, 307,
            RedirectAction.RedirectResponseCode.PERMANENT_REDIRECT, 308);
    for (var code : codes.entrySet()) {
      var response = redirect(r -> r.setHostRedirect("o").setResponseCode(code.getKey()), "/old");
      moved(response, code.getValue(), "http://o/old");
    }
  }

  // ---- rewrites ----

  private ScriptedUpstream.Request forwarded(
      RouteMatch.Builder match,
      Consumer<RouteAction.Builder> adjust,
      String path,
      String... headers)
      throws Exception {
    var action = RouteAction.newBuilder().setCluster("c");
    adjust.accept(action);
    bed.accept(
        ResourceType.ROUTES,
        ProxyBed.table(Route.newBuilder().setMatch(match).setRoute(action).build()));
    assertThat(bed.get(path, headers).status()).isEqualTo(200);
    return first.requests().getLast();
  }

  private static RouteMatch.Builder prefix(String prefix) {
    return RouteMatch.newBuilder().setPrefix(prefix);
  }

  private static RegexMatchAndSubstitute.Builder regex(String pattern, String substitution) {
    return RegexMatchAndSubstitute.newBuilder()
        .setPattern(RegexMatcher.newBuilder().setRegex(pattern))
        .setSubstitution(substitution);
  }

  @Test
  void prefixRewriteSwapsTheMatchedPartAndKeepsTheQuery() throws Exception {
    var seen = forwarded(prefix("/api"), r -> r.setPrefixRewrite("/v2"), "/api/x?api=/api");
    assertThat(seen.path()).isEqualTo("/v2/x?api=/api");
    assertThat(seen.header("x-envoy-original-path")).isEqualTo("/api/x?api=/api");
    var exact =
        forwarded(
            RouteMatch.newBuilder().setPath("/api"), r -> r.setPrefixRewrite("/v3"), "/api?q");
    assertThat(exact.path()).isEqualTo("/v3?q");
    var separated =
        forwarded(
            RouteMatch.newBuilder().setPathSeparatedPrefix("/api"),
            r -> r.setPrefixRewrite("/v4"),
            "/api/x");
    assertThat(separated.path()).isEqualTo("/v4/x");
  }

  @Test
  void regexRewriteReplacesEveryMatchInThePath() throws Exception {
    var seen =
        forwarded(
            prefix("/"),
            r -> r.setRegexRewrite(regex("/(\\w+)/old", "/\\1/$new")),
            "/a/old/b/old?x=/a/old");
    assertThat(seen.path()).isEqualTo("/a/$new/b/$new?x=/a/old");
  }

  @Test
  void hostRewritesComeFromTextHeaderOrEndpoint() throws Exception {
    var literal = forwarded(prefix("/"), r -> r.setHostRewriteLiteral("lit"), "/", "host: me");
    assertThat(literal.header("host")).isEqualTo("lit");
    assertThat(literal.header("x-envoy-original-host")).isEqualTo("me");
    assertThat(literal.headers()).doesNotContainKey("x-forwarded-host");

    var header =
        forwarded(
            prefix("/"),
            r -> r.setHostRewriteHeader("x-to").setAppendXForwardedHost(true),
            "/",
            "host: me",
            "x-to: there");
    assertThat(header.header("host")).isEqualTo("there");
    assertThat(header.header("x-forwarded-host")).isEqualTo("me");

    var absent = forwarded(prefix("/"), r -> r.setHostRewriteHeader("x-to"), "/", "host: me");
    assertThat(absent.header("host")).isEqualTo("me");

    var endpoint = forwarded(prefix("/"), r -> r.setAutoHostRewrite(ProxyBed.yes()), "/");
    assertThat(endpoint.header("host")).isEqualTo("c.example");
  }

  @Test
  void absoluteTargetReplacesTheHost() throws Exception {
    try (var client = bed.connect()) {
      client.send("GET http://there/x?y HTTP/1.1\r\nhost: here\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(first.requests().getLast().path()).isEqualTo("/x?y");
    assertThat(first.requests().getLast().header("host")).isEqualTo("there");
  }

  // ---- header changes ----

  private static HeaderValueOption set(String key, String value, HeaderAppendAction action) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(key).setValue(value))
        .setAppendAction(action)
        .build();
  }

  @Test
  void headersAreWrittenAsTheirModeSays() throws Exception {
    bed.accept(
        ResourceType.ROUTES,
        ProxyBed.table(
            Route.newBuilder()
                .setMatch(prefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster("c"))
                .addRequestHeadersToRemove("x-gone")
                .addRequestHeadersToAdd(set("x-a", "2", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD))
                .addRequestHeadersToAdd(set("x-b", "2", HeaderAppendAction.ADD_IF_ABSENT))
                .addRequestHeadersToAdd(
                    set("x-c", "2", HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
                .addRequestHeadersToAdd(set("x-d", "2", HeaderAppendAction.OVERWRITE_IF_EXISTS))
                .addRequestHeadersToAdd(set("x-e", "", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD))
                .build()));
    bed.get("/", "x-a: 1", "x-b: 1", "x-c: 1", "x-gone: 1");
    var seen = first.requests().getLast();
    assertThat(seen.header("x-a")).isEqualTo("1,2");
    assertThat(seen.header("x-b")).isEqualTo("1");
    assertThat(seen.header("x-c")).isEqualTo("2");
    assertThat(seen.headers()).doesNotContainKeys("x-d", "x-e", "x-gone");
  }

  @Test
  void theLeastSpecificLevelWritesLastUnlessToldOtherwise() throws Exception {
    var overwrite = HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD;
    var table =
        ProxyBed.table(
            Route.newBuilder()
                .setMatch(prefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster("c"))
                .addResponseHeadersToAdd(set("x-from", "route", overwrite))
                .build())
            .toBuilder();
    table.getVirtualHostsBuilder(0).addResponseHeadersToAdd(set("x-from", "host", overwrite));
    bed.accept(ResourceType.ROUTES, table.build());
    assertThat(bed.get("/").header("x-from")).isEqualTo("host");
    bed.accept(ResourceType.ROUTES, table.setMostSpecificHeaderMutationsWins(true).build());
    assertThat(bed.get("/").header("x-from")).isEqualTo("route");
  }
}
