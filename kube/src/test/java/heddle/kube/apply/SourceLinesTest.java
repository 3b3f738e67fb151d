package heddle.kube.apply;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.kube.KubeObject;
import heddle.manifest.Document;
import heddle.manifest.ManifestReader;
import org.junit.jupiter.api.Test;

class SourceLinesTest {

  private static final String MANIFEST =
      """
      kind: First
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualRouter
      metadata: {name: cart, namespace: shop}
      spec:
        listeners:
          - portMapping: {port: 8080, protocol: http}
        routes:
          - name: all
            httpRoute:
              match: {prefix: /}
      """;

  @Test
  void anAppliedObjectKnowsTheLinesOfItsFields() {
    KubeObject object = noted();

    assertThat(SourceLines.place(object, "spec.routes[0]")).contains("mesh.yaml:10");
    assertThat(SourceLines.place(object, "spec.routes[0].httpRoute")).contains("mesh.yaml:11");
    assertThat(SourceLines.place(object, "spec.listeners[0].portMapping")).contains("mesh.yaml:8");
    assertThat(SourceLines.place(object, "")).contains("mesh.yaml:3");
  }

  @Test
  void ofAnotherFieldTheNearestAround() {
    assertThat(SourceLines.place(noted(), "spec.routes[0].httpRoute.match.prefix"))
        .contains("mesh.yaml:12");
    assertThat(SourceLines.place(noted(), "spec.routes[7].name")).contains("mesh.yaml:9");
    assertThat(SourceLines.place(noted(), "status")).contains("mesh.yaml:3");
  }

  @Test
  void anObjectThatCameFromElsewhereSaysNothing() {
    KubeObject plain = KubeObject.of("v1", "Pod", "shop", "cart");
    KubeObject odd = plain.copy();
    odd.metadata().putObject("annotations").put(SourceLines.ANNOTATION, "not { json");

    assertThat(SourceLines.place(plain, "spec")).isEmpty();
    assertThat(SourceLines.place(odd, "spec")).isEmpty();
  }

  private static KubeObject noted() {
    Document document = new ManifestReader().read("mesh.yaml", MANIFEST).get(1);
    KubeObject object = KubeObject.of(document);
    SourceLines.note(object, document);
    return object;
  }
}
