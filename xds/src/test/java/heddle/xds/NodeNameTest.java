package heddle.xds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeNameTest {

  @Test
  void readsThePodOutOfASidecarId() {
    NodeName name = NodeName.parse("sidecar~10.244.0.7~front-6d4-x2.shop~shop.svc.cluster.local");

    assertThat(name)
        .isEqualTo(
            new NodeName.OfPod(
                "sidecar~10.244.0.7~front-6d4-x2.shop~shop.svc.cluster.local",
                false,
                "10.244.0.7",
                "shop",
                "front-6d4-x2"));
    assertThat(NodeName.ofPod(false, "10.244.0.7", "shop", "front-6d4-x2")).isEqualTo(name);
  }

  @Test
  void takesTheLastLabelAsNamespaceWhenAPodNameHasDots() {
    assertThat(NodeName.parse("router~10.0.0.1~gate.a.edge~edge.svc.cluster.local"))
        .isInstanceOfSatisfying(
            NodeName.OfPod.class,
            pod -> {
              assertThat(pod.gateway()).isTrue();
              assertThat(pod.pod()).isEqualTo("gate.a");
              assertThat(pod.namespace()).isEqualTo("edge");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "mesh/shop/virtualNode/front_shop, virtualNode",
    "mesh/shop@123456789012/virtualNode/front_shop, virtualNode",
    "arn:aws:appmesh:us-west-2:000000000000:mesh/shop/virtualGateway/front_shop, virtualGateway",
  })
  void acceptsAppMeshIdsInEachOfTheirForms(String id, String type) {
    assertThat(NodeName.parse(id))
        .isEqualTo(new NodeName.OfAppMesh(id, "shop", type, "front_shop"));
  }

  @Test
  void keepsAnyOtherIdAsItIs() {
    assertThat(NodeName.parse("greeter-client")).isEqualTo(new NodeName.Other("greeter-client"));
  }
}
