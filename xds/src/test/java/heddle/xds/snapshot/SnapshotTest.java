package heddle.xds.snapshot;

import static heddle.xds.Fixtures.cluster;
import static heddle.xds.Fixtures.endpoints;
import static heddle.xds.Fixtures.routes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  @Test
  void hasTheSameVersionsForTheSameContentInAnyOrder() {
    Snapshot one =
        Snapshot.builder().add(cluster("a")).add(cluster("b")).add(routes("r", "a")).build();
    Snapshot other =
        Snapshot.builder().add(routes("r", "a")).add(cluster("b")).add(cluster("a")).build();

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one.version(ResourceType.CLUSTER)).isEqualTo(other.version(ResourceType.CLUSTER));
  }

  @Test
  void ignoresTheOrderInWhichMapEntriesWerePut() {
    assertThat(Snapshot.builder().add(withMetadata("x", "y", "z")).build())
        .isEqualTo(Snapshot.builder().add(withMetadata("z", "x", "y")).build());
  }

  @Test
  void changesOnlyTheVersionOfTheTypeThatChanged() {
    Snapshot before = Snapshot.builder().add(cluster("a")).add(endpoints("a", "10.0.0.1")).build();

    Snapshot after =
        before.with(ResourceType.ENDPOINTS, List.of(endpoints("a", "10.0.0.1", "10.0.0.2")));

    assertThat(before.difference(after)).containsExactly(ResourceType.ENDPOINTS);
    assertThat(after.resource(ResourceType.CLUSTER, "a"))
        .containsSame(before.resource(ResourceType.CLUSTER, "a").orElseThrow());
  }

  @Test
  void refusesTwoResourcesOfOneName() {
    Snapshot.Builder builder = Snapshot.builder().add(cluster("a"));

    assertThatThrownBy(() -> builder.add(cluster("a", 7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two resources of type CLUSTER are named a (expected: one)");
  }

  @Test
  void refusesAMessageThatIsNoResource() {
    assertThatThrownBy(() -> Snapshot.builder().add(Struct.getDefaultInstance()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("google.protobuf.Struct is not served over ADS");
  }

  @Test
  void announcesWhatChangedAndNothingElse() {
    SnapshotStore store = new SnapshotStore();
    List<String> heard = new ArrayList<>();
    Snapshot snapshot = Snapshot.builder().add(cluster("a")).build();

    try (SnapshotStore.Subscription subscription = store.subscribe(heard::add)) {
      store.publish("front", snapshot);
      assertThat(store.publish("front", snapshot.toBuilder().build())).isEmpty();
      assertThat(store.publish("front", Snapshot.empty())).containsExactly(ResourceType.CLUSTER);
      store.remove("front");
      store.remove("front");
    }
    store.publish("front", snapshot);

    assertThat(heard).containsExactly("front", "front", "front");
  }

  private static Cluster withMetadata(String... keys) {
    Metadata.Builder metadata = Metadata.newBuilder();
    for (String key : keys) {
      metadata.putFilterMetadata(
          key,
          Struct.newBuilder()
              .putFields("of", Value.newBuilder().setStringValue(key).build())
              .build());
    }
    return cluster("a").toBuilder().setMetadata(metadata).build();
  }
}
