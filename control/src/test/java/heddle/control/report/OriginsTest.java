package heddle.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import heddle.mesh.model.Provenance;
import heddle.xds.ResourceType;
import heddle.xds.ads.Nack;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
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
        .containsExactly(new Provenance("VirtualService", "shop", "orders", ""));
  }

  @Test
  void blamesTheRouteWhoseRegularExpressionTheRefusalRepeats() {
    assertThat(Origins.of(refusal("regex '/(a|b){60}' RE2 program size of 485"), SNAPSHOT))
        .containsExactly(new Provenance("VirtualRouter", "shop", "orders", "spec.routes[2]"));
  }

  @Test
  void blamesNobodyWhenItNamesNone() {
    assertThat(Origins.of(refusal("not today"), SNAPSHOT)).isEmpty();
  }

  @Test
  void blamesEachResourceOfWhichTheRefusalNamesAPiece() {
    Snapshot clusters =
        Snapshot.builder()
            .add(cluster("to_cart", "cart"))
            .add(cluster("to_orders", "orders"))
            .add(cluster("to_stock", "stock"))
            .build();
    Nack nack =
        new Nack(
            "front-1",
            "front",
            ResourceType.CLUSTER,
            List.of("to_cart", "to_orders"),
            "to_cart: no HTTP/2; to_orders: no HTTP/2");

    assertThat(Origins.of(nack, clusters))
        .containsExactly(
            new Provenance("VirtualNode", "shop", "cart", "spec.listeners[0]"),
            new Provenance("VirtualNode", "shop", "orders", "spec.listeners[0]"));
  }

  private static Cluster cluster(String name, String node) {
    return Cluster.newBuilder()
        .setName(name)
        .setMetadata(origin("VirtualNode", node, "spec.listeners[0]"))
        .build();
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
