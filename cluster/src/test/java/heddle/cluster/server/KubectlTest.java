package heddle.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API as the oldest and the newest kubectl see it. */
class KubectlTest {
  private static final String OLD = "/opt/kubectl-1.20/usr/bin/kubectl";
  private static final String NEW = "/usr/bin/kubectl";

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - name: c
              image: nginx:1
              env: [{name: A, value: "1"}, {name: B, value: "2"}]
      """;

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: widgets, kind: Widget, shortNames: [wd]}
        versions:
        - name: v1
          served: true
          storage: true
          additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  required: [size]
                  properties:
                    size: {type: integer, minimum: 1, description: How big.}
                    color: {type: string, enum: [red, blue], default: red}
      """;

  private static final String WIDGET =
      """
      apiVersion: example.com/v1
      kind: Widget
      metadata: {name: w}
      spec: {size: 3}
      """;

  @TempDir Path directory;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(directory, List.of(), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Kubectl kubectl(String binary) throws IOException {
    boolean present = Files.isExecutable(Path.of(binary));
    if ("1".equals(System.getenv("HEDDLE_REQUIRE_ALL"))) {
      assertThat(present).as(binary + " is required").isTrue();
    }
    assumeThat(present).as("SKIPPED: there is no " + binary).isTrue();
    return Kubectl.of(Path.of(binary), directory, server.url());
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void applyCreatesThenChangesWhatDiffers(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    assertThat(kubectl.ok(DEPLOYMENT, "apply", "-f", "-")).contains("web created");
    String changed =
        DEPLOYMENT.replace("nginx:1", "nginx:2").replace(", {name: B, value: \"2\"}", "");
    assertThat(kubectl.ok(changed, "apply", "-f", "-")).contains("web configured");
    assertThat(kubectl.ok(changed, "apply", "-f", "-")).contains("web unchanged");
    String path = "jsonpath={.spec.template.spec.containers[0]['image','env']}";
    assertThat(kubectl.ok("", "get", "deploy", "web", "-o", path))
        .contains("nginx:2")
        .contains("\"A\"")
        .doesNotContain("\"B\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void printsTheColumnsOfBuiltInAndCustomKinds(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    kubectl.ok(DEPLOYMENT, "apply", "-f", "-");
    kubectl.ok(DEFINITION, "apply", "-f", "-");
    kubectl.ok("", "wait", "--for", "condition=established", "crd/widgets.example.com");
    kubectl.ok(WIDGET, "apply", "-f", "-");
    assertThat(kubectl.ok("", "get", "deploy", "-A", "-o", "wide"))
        .contains("NAMESPACE", "READY", "UP-TO-DATE", "SELECTOR", "0/2", "nginx:1");
    assertThat(kubectl.ok("", "get", "wd")).contains("SIZE", "3");
    assertThat(kubectl.ok("", "get", "wd", "w", "-o", "jsonpath={.spec.color}")).isEqualTo("red");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void scalesLabelsPatchesDescribesAndDeletes(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    kubectl.ok(DEPLOYMENT, "apply", "-f", "-");
    kubectl.ok("", "scale", "deploy", "web", "--replicas=5");
    kubectl.ok("", "scale", "deploy", "web", "--current-replicas=5", "--replicas=4");
    kubectl.ok("", "label", "deploy", "web", "tier=front");
    String patch = "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]";
    kubectl.ok("", "patch", "deploy", "web", "--type=json", "-p", patch);
    kubectl.ok("", "set", "image", "deploy/web", "c=nginx:3");
    assertThat(kubectl.ok("", "describe", "deploy", "web"))
        .contains("tier=front", "nginx:3", "1 desired");
    assertThat(kubectl.ok("", "get", "deploy", "-l", "tier in (front)", "-o", "name"))
        .contains("deployment.apps/web");
    kubectl.ok("", "delete", "deploy", "web");
    assertThat(kubectl.run("", "get", "deploy", "web").output())
        .contains("deployments.apps \"web\" not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void serverSideDryRunStoresNothing(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    assertThat(kubectl.ok(DEPLOYMENT, "apply", "--dry-run=server", "-f", "-"))
        .contains("server dry run");
    assertThat(kubectl.ok("", "get", "deploy")).contains("No resources found");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void aWatchShowsChangesAsTheyHappen(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    Process watch = kubectl.start("get", "ns", "-w");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (!line.startsWith("kube-system")) {
        line = lines.readLine();
      }
      server.objects.create(
          server.operations.types().find("", "v1", "namespaces").orElseThrow().type(),
          (com.fasterxml.jackson.databind.node.ObjectNode)
              new com.fasterxml.jackson.databind.ObjectMapper()
                  .readTree("{\"metadata\":{\"name\":\"fresh\"}}"));
      assertThat(lines.readLine()).contains("fresh").contains("Active");
    } finally {
      watch.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void serverSideApplyKeepsOwnersApart(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    kubectl.ok(DEPLOYMENT, "apply", "--server-side", "-f", "-");
    kubectl.ok("", "scale", "deploy", "web", "--replicas=5");
    assertThat(kubectl.run(DEPLOYMENT, "apply", "--server-side", "-f", "-").output())
        .contains("Apply failed with 1 conflict")
        .contains(".spec.replicas");
    kubectl.ok(DEPLOYMENT, "apply", "--server-side", "--force-conflicts", "-f", "-");
    assertThat(kubectl.ok("", "get", "deploy", "web", "-o", "jsonpath={.spec.replicas}"))
        .isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW})
  void explainsAndChecksFieldsStrictly(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    kubectl.ok(DEFINITION, "apply", "-f", "-");
    assertThat(kubectl.ok("", "explain", "widget.spec.size")).contains("How big.");
    assertThat(kubectl.ok("", "explain", "deploy.spec.template.spec.containers"))
        .contains("livenessProbe");
    String misspelt = DEPLOYMENT.replace("image:", "imagee: x\n        image:");
    assertThat(kubectl.run(misspelt, "apply", "-f", "-").output())
        .contains("unknown field \"spec.template.spec.containers[0].imagee\"");
    assertThat(kubectl.run(WIDGET.replace("size: 3", "size: 0"), "apply", "-f", "-").output())
        .contains("spec.size in body should be greater than or equal to 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void warnsAboutFieldsWithoutEffectAndRefusesThoseThatWouldBeMissed(String binary)
      throws Exception {
    Kubectl kubectl = kubectl(binary);
    String selected = DEPLOYMENT.replace("    spec:\n", "    spec:\n      nodeSelector: {a: b}\n");
    assertThat(kubectl.ok(selected, "apply", "-f", "-"))
        .contains("spec.template.spec.nodeSelector has no effect: there is one node");
    String service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {type: NodePort, ports: [{port: 80}]}
        """;
    assertThat(kubectl.ok(service, "apply", "-f", "-"))
        .contains("spec.type has no effect: node ports are not opened on the host");
    String host = DEPLOYMENT.replace("    spec:\n", "    spec:\n      hostNetwork: true\n");
    assertThat(kubectl.run(host, "apply", "-f", "-").output())
        .contains("spec.template.spec.hostNetwork: Forbidden: not supported by Heddle");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void aManifestsOwnDefinitionOfABuiltInKindTakesNothingAwayAndAddsWhatItHas(String binary)
      throws Exception {
    Kubectl kubectl = kubectl(binary);
    String builtIn =
        DEFINITION.replace(
            "{name: widgets.example.com}",
            "{name: widgets.example.com, annotations: {heddle.dev/built-in: \"true\"}}");
    kubectl.ok(builtIn, "apply", "-f", "-");
    kubectl.ok(WIDGET, "apply", "-f", "-");
    String strippedDown =
        DEFINITION
            .replace(
                "color: {type: string, enum: [red, blue], default: red}", "label: {type: string}")
            .replace("name: v1\n", "name: v1alpha1\n");

    assertThat(kubectl.ok(strippedDown, "apply", "-f", "-")).contains("configured");
    kubectl.ok(DEFINITION.replaceAll("(?m)^ *color:.*\n", ""), "apply", "-f", "-");

    String coloured = WIDGET.replace("size: 3", "size: 3, color: blue");
    assertThat(kubectl.ok(coloured, "apply", "-f", "-")).contains("configured");
    assertThat(kubectl.run(WIDGET.replace("size: 3", "size: 3, label: x"), "apply", "-f", "-"))
        .extracting(Kubectl.Result::output)
        .asString()
        .contains("unknown field \"spec.label\"");
    assertThat(
            kubectl.ok(
                "",
                "get",
                "crd",
                "widgets.example.com",
                "-o",
                "jsonpath={.spec.versions[*].name} {.metadata.annotations.heddle\\.dev/built-in}"))
        .isEqualTo("v1 v1alpha1 true");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void kindsThatAreNotServedAreUnknown(String binary) throws Exception {
    Kubectl kubectl = kubectl(binary);
    assertThat(kubectl.run("", "get", "statefulsets").output())
        .contains("the server doesn't have a resource type \"statefulsets\"");
  }
}
