package heddle.control.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.control.view.AppMeshKinds;
import heddle.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ControllerManifestsTest {
  private final List<KubeObject> objects = ControllerManifests.all("PEM");

  @Test
  void installsTheControllerInItsNamespaceWithItsAccountAndRights() {
    assertThat(objects)
        .extracting(KubeObject::toString)
        .containsExactly(
            "Namespace appmesh-system",
            "ServiceAccount appmesh-system/appmesh-controller",
            "ClusterRole appmesh-controller",
            "ClusterRoleBinding appmesh-controller",
            "Service appmesh-system/appmesh-controller-webhook-service",
            "Service appmesh-system/appmesh-controller-xds",
            "Deployment appmesh-system/appmesh-controller",
            "MutatingWebhookConfiguration appmesh-controller-mutating-webhook-configuration",
            "ValidatingWebhookConfiguration appmesh-controller-validating-webhook-configuration",
            "ServiceAccount appmesh-system/xds-viewer",
            "ClusterRole xds-viewer",
            "ClusterRoleBinding xds-viewer");
    JsonNode container =
        objects.get(6).spec().path("template").path("spec").path("containers").path(0);
    assertThat(container.path("name").asText()).isEqualTo("controller");
    assertThat(container.path("image").asText()).isEqualTo(ControllerManifests.IMAGE);
    assertThat(container.path("ports").path(0).path("containerPort").asInt())
        .isEqualTo(ControllerManifests.WEBHOOK_PORT);
  }

  @Test
  void callsAWebhookForEveryKindAndForPodsWithTheAuthorityFilledIn() {
    List<String> expected = new ArrayList<>(List.of("/mutate-v1-pod"));
    for (String verb : List.of("mutate", "validate")) {
      AppMeshKinds.all()
          .forEach(
              kind ->
                  expected.add(
                      "/%s-appmesh-k8s-aws-v1beta2-%s"
                          .formatted(verb, kind.kind().toLowerCase(Locale.ROOT))));
    }
    List<String> called = new ArrayList<>();
    for (KubeObject configuration : objects.subList(7, 9)) {
      for (JsonNode hook : configuration.json().path("webhooks")) {
        JsonNode client = hook.path("clientConfig");
        called.add(client.path("service").path("path").asText());
        assertThat(client.path("caBundle").asText()).isEqualTo("UEVN");
        assertThat(
                client.path("service").path("name").asText()
                    + "."
                    + client.path("service").path("namespace").asText()
                    + ".svc")
            .isEqualTo(ControllerManifests.WEBHOOK_HOST);
      }
    }
    assertThat(called).containsExactlyInAnyOrderElementsOf(expected);
  }
}
