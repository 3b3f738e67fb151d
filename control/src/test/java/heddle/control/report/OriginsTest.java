package heddle.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import heddle.mesh.model.Provenance;
import heddle.xds.ResourceType;
import heddle.xds.ads.Nack;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is to blame for a route table, which holds the routes of many services. */
class OriginsTest {

  private static final Snapshot SNAPSHOT =
      Snapshot.builder()
          .add(
              RouteConfiguration.newBuilder()
                  .setName("egress")
                  .addVirtualHosts(host("cart"))
                  .addVirtualHosts(host("orders").toBuilder().addRoutes(route()))
                  .build())
          .build();

  @Test
  void blamesTheServiceThatTheRefusalNames() {
    assertThat(Origins.of(refusal("duplicate domain orders.shop:80"), SNAPSHOT))
        .contains(new Provenance("VirtualService", "shop", "orders", ""));
  }

  @Test
  void blamesTheRouteWhoseRegularExpressionTheRefusalRepeats() {
    assertThat(Origins.of(refusal("regex '/(a|b){60}' RE2 program size of 485"), SNAPSHOT))
        .contains(new Provenance("VirtualRouter", "shop", "orders", "spec.routes[2]"));
  }

  @Test
  void blamesNobodyWhenItNamesNone() {
    assertThat(Origins.of(refusal("not today"), SNAPSHOT)).isEmpty();
  }

  private static Nack refusal(String message) {
    return new Nack("front-1", "front", ResourceType.ROUTES, List.of("egress"), message);
  }

  private static Route route() {
    return Route.newBuilder()
        .setMatch(
            RouteMatch.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex("/(a|b){60}")))
        .setMetadata(origin("VirtualRouter", "orders", "spec.routes[2]"))
        .build();
  }

  private static Metadata origin(String kind, String name, String field) {
    Struct origin =
        Struct.newBuilder()
            .putFields("kind", text(kind))
            .putFields("namespace", text("shop"))
            .putFields("name", text(name))
            .putFields("field", text(field))
            .build();
    return Metadata.newBuilder().putFilterMetadata("heddle", origin).build();
  }

  private static VirtualHost host(String service) {
    return VirtualHost.newBuilder()
        .setName(service + ".shop")
        .addDomains(service + ".shop")
        .addDomains(service + ".shop:80")
        .setMetadata(origin("VirtualService", service, ""))
        .build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
