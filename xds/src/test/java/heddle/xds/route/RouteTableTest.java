package heddle.xds.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Virtual host and route selection as Envoy does it. */
class RouteTableTest {

  private record Request(String authority, String path, Map<String, String> headers)
      implements RequestView {
    @Override
    public String header(String name) {
      return headers.get(name);
    }
  }

  private static Request request(String authority, String path) {
    return new Request(authority, path, Map.of());
  }

  private static Route route(String name, RouteMatch.Builder match) {
    return Route.newBuilder()
        .setName(name)
        .setMatch(match)
        .setRoute(RouteAction.newBuilder().setCluster("c"))
        .build();
  }

  private static VirtualHost.Builder host(String domain, Route... routes) {
    var host = VirtualHost.newBuilder().setName(domain).addDomains(domain);
    for (var route : routes) {
      host.addRoutes(route);
    }
    return host;
  }

  private static RouteTable table(VirtualHost.Builder... hosts) {
    var configuration = RouteConfiguration.newBuilder().setName("r");
    for (var host : hosts) {
      configuration.addVirtualHosts(host);
    }
    return RouteTable.compile(configuration.build());
  }

  private static String chosen(RouteTable table, Request request, long random) {
    return table.select(request, random) instanceof Selection.Selected(var host, var route)
        ? route.name()
        : "none";
  }

  @Test
  void exactThenSuffixThenPrefixThenAny() {
    var table = table(host("a.com"), host("*.a.com"), host("a.*"), host("*"));
    assertThat(table.host("A.COM").name()).isEqualTo("a.com");
    assertThat(table.host("a.com:80").name()).isEqualTo("a.*");
    assertThat(table.host("x.a.com").name()).isEqualTo("*.a.com");
    assertThat(table.host("a.org").name()).isEqualTo("a.*");
    assertThat(table.host("b.c").name()).isEqualTo("*");
    assertThat(table.host(".a.com").name()).isEqualTo("*");
  }

  @Test
  void aDomainClaimedTwiceIsRefused() {
    assertThatThrownBy(() -> table(host("a"), host("a")))
        .isInstanceOf(RouteConfigException.class)
        .hasMessageContaining("domain a is claimed by virtual hosts a and a");
  }

  @Test
  void firstMatchWinsAndThePathIsWithoutQuery() {
    var table =
        table(
            host(
                "*",
                route("exact", RouteMatch.newBuilder().setPath("/a")),
                route("separated", RouteMatch.newBuilder().setPathSeparatedPrefix("/a")),
                route("prefix", RouteMatch.newBuilder().setPrefix("/a")),
                route(
                    "regex",
                    RouteMatch.newBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder().setRegex("/b[0-9]+")))));
    assertThat(chosen(table, request("h", "/a?x=/b"), 0)).isEqualTo("exact");
    assertThat(chosen(table, request("h", "/a/b"), 0)).isEqualTo("separated");
    assertThat(chosen(table, request("h", "/ab"), 0)).isEqualTo("prefix");
    assertThat(chosen(table, request("h", "/b12"), 0)).isEqualTo("regex");
    assertThat(chosen(table, request("h", "/b12c"), 0)).isEqualTo("none");
  }

  @Test
  void absentHeaderIsNoMatchEvenInverted() {
    var inverted =
        HeaderMatcher.newBuilder()
            .setName("X")
            .setStringMatch(StringMatcher.newBuilder().setExact("a"))
            .setInvertMatch(true);
    var strict =
        table(host("*", route("r", RouteMatch.newBuilder().setPrefix("/").addHeaders(inverted))));
    var lenient =
        table(
            host(
                "*",
                route(
                    "r",
                    RouteMatch.newBuilder()
                        .setPrefix("/")
                        .addHeaders(inverted.clone().setTreatMissingHeaderAsEmpty(true)))));
    assertThat(chosen(strict, request("h", "/"), 0)).isEqualTo("none");
    assertThat(chosen(strict, new Request("h", "/", Map.of("x", "b")), 0)).isEqualTo("r");
    assertThat(chosen(lenient, request("h", "/"), 0)).isEqualTo("r");
  }

  @Test
  void oneRandomNumberServesEveryFraction() {
    var half =
        RuntimeFractionalPercent.newBuilder()
            .setDefaultValue(FractionalPercent.newBuilder().setNumerator(50));
    var table =
        table(
            host(
                "*",
                route("a", RouteMatch.newBuilder().setPrefix("/").setRuntimeFraction(half)),
                route("b", RouteMatch.newBuilder().setPrefix("/").setRuntimeFraction(half)),
                route("c", RouteMatch.newBuilder().setPrefix("/"))));
    assertThat(chosen(table, request("h", "/"), 49)).isEqualTo("a");
    assertThat(chosen(table, request("h", "/"), 50)).isEqualTo("c");
  }
}
