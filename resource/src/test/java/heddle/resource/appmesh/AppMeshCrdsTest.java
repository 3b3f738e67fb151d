package heddle.resource.appmesh;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.manifest.Document;
import heddle.manifest.FieldPath;
import heddle.manifest.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppMeshCrdsTest {

  private static Node.Mapping crd(String kind) {
    return AppMeshCrds.all().stream()
        .map(crd -> Document.ofObject(crd).root())
        .filter(crd -> at(crd, "spec", "names").plain().toString().contains("kind=" + kind + ","))
        .findFirst()
        .orElseThrow();
  }

  private static Node at(Node root, String... fields) {
    return FieldPath.root().fields(fields).locate(root);
  }

  private static Node spec(Node.Mapping crd, String... fields) {
    Node.Mapping version = (Node.Mapping) ((Node.Mapping) at(crd, "spec")).items("versions").get(0);
    Node node = at(version, "schema", "openAPIV3Schema", "properties", "spec");
    for (String field : fields) {
      Node.Mapping map = (Node.Mapping) node;
      node = field.equals("[]") ? map.get("items") : at(map, "properties", field);
    }
    return node;
  }

  @Test
  void everyKindIsDefinedOnce() {
    assertThat(AppMeshCrds.all())
        .extracting(crd -> Document.ofObject(crd).name())
        .containsExactly(
            "meshes.appmesh.k8s.aws",
            "virtualnodes.appmesh.k8s.aws",
            "virtualservices.appmesh.k8s.aws",
            "virtualrouters.appmesh.k8s.aws",
            "virtualgateways.appmesh.k8s.aws",
            "gatewayroutes.appmesh.k8s.aws",
            "backendgroups.appmesh.k8s.aws");
  }

  @Test
  void onlyTheMeshIsClusterScoped() {
    assertThat(at(crd("Mesh"), "spec", "scope").plain()).isEqualTo("Cluster");
    assertThat(at(crd("VirtualNode"), "spec", "scope").plain()).isEqualTo("Namespaced");
  }

  @Test
  void rangesEnumerationsAndMandatoryFieldsAreInTheSchema() {
    Node.Mapping check = (Node.Mapping) spec(crd("VirtualNode"), "listeners", "[]", "healthCheck");
    assertThat(check.json())
        .contains("\"intervalMillis\":{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":5000,")
        .contains("\"enum\":[\"grpc\",\"http\",\"http2\",\"tcp\"]")
        .contains(
            "\"required\":[\"healthyThreshold\",\"intervalMillis\",\"protocol\","
                + "\"timeoutMillis\",\"unhealthyThreshold\"]");
  }

  @Test
  void nothingUnknownIsPreserved() {
    for (var crd : AppMeshCrds.all()) {
      assertThat(Document.ofObject(crd).root().json()).doesNotContain("preserve-unknown");
    }
  }

  @Test
  void kubectlShowsArnAndAgeAndFindsThemUnderAll() {
    Node.Mapping version =
        (Node.Mapping) ((Node.Mapping) at(crd("VirtualRouter"), "spec")).items("versions").get(0);
    assertThat(version.items("additionalPrinterColumns"))
        .extracting(column -> ((Node.Mapping) column).text("name"))
        .containsExactly("ARN", "AGE");
    assertThat(at(version, "additionalPrinterColumns").json())
        .contains("\"jsonPath\":\".status.virtualRouterARN\"");
    assertThat(at(crd("VirtualRouter"), "spec", "names", "categories").plain())
        .isEqualTo(List.of("all"));
  }

  @Test
  void everyKindButBackendGroupHasAStatus() {
    for (var crd : AppMeshCrds.all()) {
      Document document = Document.ofObject(crd);
      boolean status = document.root().json().contains("\"subresources\":{\"status\":{}}");
      assertThat(status).isEqualTo(!document.name().startsWith("backendgroups"));
    }
  }
}
