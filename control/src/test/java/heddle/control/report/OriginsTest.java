package heddle.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import heddle.resource.ResourceKey;
import heddle.xds.ResourceType;
import heddle.xds.ads.Nack;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
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
                  .addVirtualHosts(host("orders"))
                  .build())
          .build();

  @Test
  void blamesTheServiceThatTheRefusalNames() {
    assertThat(Origins.of(refusal("duplicate domain orders.shop:80"), SNAPSHOT))
        .contains(new ResourceKey("VirtualService", "shop", "orders"));
  }

  @Test
  void blamesNobodyWhenItNamesNone() {
    assertThat(Origins.of(refusal("not today"), SNAPSHOT)).isEmpty();
  }

  private static Nack refusal(String message) {
    return new Nack("front-1", "front", ResourceType.ROUTES, List.of("egress"), message);
  }

  private static VirtualHost host(String service) {
    Struct origin =
        Struct.newBuilder()
            .putFields("kind", text("VirtualService"))
            .putFields("namespace", text("shop"))
            .putFields("name", text(service))
            .build();
    return VirtualHost.newBuilder()
        .setName(service + ".shop")
        .addDomains(service + ".shop")
        .addDomains(service + ".shop:80")
        .setMetadata(Metadata.newBuilder().putFilterMetadata("heddle", origin))
        .build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
