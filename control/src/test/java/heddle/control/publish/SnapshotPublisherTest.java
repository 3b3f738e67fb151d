package heddle.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.mesh.emit.NodeConfig;
import heddle.mesh.model.ResourceStatus;
import heddle.resource.ResourceKey;
import heddle.xds.ResourceType;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.SnapshotStore;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotPublisherTest {
  private final SnapshotStore store = new SnapshotStore();
  private final SnapshotPublisher publisher = new SnapshotPublisher(store);

  @Test
  void servesTheOthersWhenOneNodeCannotBeServedAndSaysWhy() {
    publisher.publish(Map.of("a", node("a", "x"), "b", node("b", "x")), Map.of());
    Snapshot before = snapshot("a");

    List<ResourceStatus> problems =
        publisher.publish(Map.of("a", node("a", "x", "x"), "b", node("b", "x", "y")), Map.of());

    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key().name()).isEqualTo("a");
              assertThat(problem.active()).isFalse();
              assertThat(problem.message()).contains("two resources of type CLUSTER are named x");
            });
    assertThat(snapshot("a")).isSameAs(before);
    assertThat(snapshot("b").resources(ResourceType.CLUSTER)).containsKeys("x", "y");
  }

  @Test
  void touchesOnlyTheNodesThatAChangeConcerns() {
    Map<String, NodeConfig> nodes = Map.of("a", node("a", "x"), "b", node("b", "y"));
    publisher.publish(nodes, Map.of("x", endpoints("x", 1), "y", endpoints("y", 1)));
    Snapshot a = snapshot("a");
    Snapshot b = snapshot("b");

    publisher.publish(nodes, Map.of("x", endpoints("x", 1), "y", endpoints("y", 2)));

    assertThat(snapshot("a")).isSameAs(a);
    assertThat(snapshot("b").difference(b)).containsExactly(ResourceType.ENDPOINTS);
    assertThat(snapshot("b").resource(ResourceType.CLUSTER, "y"))
        .hasValueSatisfying(
            cluster ->
                assertThat(cluster).isSameAs(b.resource(ResourceType.CLUSTER, "y").orElseThrow()));
  }

  @Test
  void givesClustersWithoutPodsAnAssignmentWithoutEndpointsAndForgetsNodesThatAreGone() {
    publisher.publish(Map.of("a", node("a", "x")), Map.of("x", endpoints("x", 1)));

    publisher.publish(Map.of("b", node("b", "x")), Map.of());

    assertThat(store.keys()).containsExactly("b");
    assertThat(snapshot("b").resource(ResourceType.ENDPOINTS, "x").orElseThrow().message())
        .isEqualTo(ClusterLoadAssignment.newBuilder().setClusterName("x").build());
  }

  @Test
  void packsAClusterOnceForAllNodesThatHaveIt() {
    Cluster shared = Cluster.newBuilder().setName("x").build();
    NodeConfig a = node("a", List.of(shared));
    NodeConfig b = node("b", List.of(shared));

    publisher.publish(Map.of("a", a, "b", b), Map.of());

    assertThat(snapshot("a").resource(ResourceType.CLUSTER, "x").orElseThrow())
        .isSameAs(snapshot("b").resource(ResourceType.CLUSTER, "x").orElseThrow());
  }

  private Snapshot snapshot(String node) {
    return store.get(node).orElseThrow();
  }

  private static NodeConfig node(String name, String... clusters) {
    return node(
        name,
        List.of(clusters).stream().map(c -> Cluster.newBuilder().setName(c).build()).toList());
  }

  private static NodeConfig node(String name, List<Cluster> clusters) {
    return new NodeConfig(
        name,
        new ResourceKey("VirtualNode", "shop", name),
        List.of(),
        List.of(),
        clusters,
        clusters.stream().map(Cluster::getName).toList());
  }

  private static ClusterLoadAssignment endpoints(String cluster, int priority) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(LocalityLbEndpoints.newBuilder().setPriority(priority))
        .build();
  }
}
