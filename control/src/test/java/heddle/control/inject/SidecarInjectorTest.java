package heddle.control.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeObject;
import heddle.mesh.PodAssignment;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarInjectorTest {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final PodAssignment NODE =
      new PodAssignment.Assigned("mesh/shop/virtualNode/front_shop", false, List.of(8080, 8081));
  private static final PodAssignment GATEWAY =
      new PodAssignment.Assigned("mesh/shop/virtualGateway/gate_shop", true, List.of(8088));
  private static final Map<String, String> ON = Map.of(SidecarInjector.SWITCH, "enabled");

  private final SidecarInjector injector = new SidecarInjector(InjectionSettings.standard());

  @Nested
  class Golden {
    /** Each case is a folder: pod.json in, expected.json out. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "annotated", "cloudmap", "gateway"})
    void injectsAsRecorded(String name) throws IOException {
      PodAssignment assignment = name.equals("gateway") ? GATEWAY : NODE;

      Injection injection =
          injector.inject(read(name, "pod"), ON, assignment, name.equals("cloudmap"));

      assertThat(injection).isInstanceOf(Injection.Injected.class);
      assertThat(MAPPER.writeValueAsString(((Injection.Injected) injection).pod()))
          .isEqualTo(MAPPER.writeValueAsString(read(name, "expected").json()));
    }

    private KubeObject read(String name, String file) throws IOException {
      try (InputStream in =
          SidecarInjectorTest.class.getResourceAsStream(name + "/" + file + ".json")) {
        return new KubeObject((ObjectNode) MAPPER.readTree(in));
      }
    }
  }

  @Nested
  class Switch {
    @Test
    void leavesAPodAloneWhoseAnnotationDisablesIt() {
      KubeObject pod = annotated(SidecarInjector.SWITCH, "disabled");

      assertThat(injector.inject(pod, ON, NODE, false)).isEqualTo(new Injection.Untouched());
    }

    @Test
    void letsThePodOverruleItsNamespace() {
      KubeObject pod = annotated(SidecarInjector.SWITCH, "enabled");
      Map<String, String> off = Map.of(SidecarInjector.SWITCH, "disabled");

      assertThat(injector.inject(pod, off, NODE, false)).isInstanceOf(Injection.Injected.class);
    }

    @Test
    void rejectsAnEnabledPodThatIsNoNodes() {
      assertThat(injector.inject(pod(), ON, new PodAssignment.None(), false))
          .isEqualTo(
              new Injection.Rejected(
                  "sidecarInject enabled but no matching VirtualNode or VirtualGateway found"));
    }

    @Test
    void leavesAPodAloneThatNobodyAskedFor() {
      assertThat(injector.inject(pod(), Map.of(), new PodAssignment.None(), false))
          .isEqualTo(new Injection.Untouched());
    }

    @Test
    void rejectsAPodOfTwoNodesInAppMeshsWords() {
      String words = "found multiple matching VirtualNodes for pod shop/front: a,b";

      assertThat(injector.inject(pod(), ON, new PodAssignment.Ambiguous(words), false))
          .isEqualTo(new Injection.Rejected(words));
    }
  }

  @Test
  void changesNothingOnAPodThatHasItsSidecar() {
    Injection first = injector.inject(pod(), ON, NODE, false);
    KubeObject injected = new KubeObject(((Injection.Injected) first).pod());

    assertThat(injector.inject(injected, ON, NODE, false)).isEqualTo(new Injection.Untouched());
  }

  @Test
  void rejectsAGatewayPodWithoutAnEnvoyContainer() {
    assertThat(injector.inject(pod(), ON, GATEWAY, false))
        .isEqualTo(
            new Injection.Rejected(
                "the pod of mesh/shop/virtualGateway/gate_shop has no container named envoy"
                    + " (expected: one)"));
  }

  @Nested
  class StockEnvoys {
    private final SidecarInjector envoys =
        new SidecarInjector(InjectionSettings.standard().withDataPlane(DataPlane.ENVOY));

    @Test
    void aPodGetsOneWhereThatIsTheStandard() {
      ObjectNode pod = injected(envoys.inject(pod(), ON, NODE, false));

      assertThat(pod.at("/metadata/annotations/heddle.dev~1data-plane").asText())
          .isEqualTo("envoy");
      assertThat(pod.at("/metadata/annotations/heddle.dev~1stop-last").asText()).isEqualTo("envoy");
      JsonNode envoy = pod.at("/spec/containers/1");
      assertThat(envoy.path("image").asText()).isEqualTo("envoyproxy/envoy:v1.40.0");
      assertThat(envoy.at("/command/2").asText()).contains("envoy --config-path");
      assertThat(envoy.at("/securityContext/runAsUser").asInt()).isZero();
      assertThat(envoy.at("/securityContext/capabilities/add/0").asText()).isEqualTo("NET_ADMIN");
      assertThat(variables(envoy))
          .containsEntry("HEDDLE_NODE_KIND", "sidecar")
          .containsEntry("POD_IP", "status.podIP");
    }

    @Test
    void soDoesAGatewayInPlaceOfWhateverImageItHas() {
      KubeObject gateway = annotated("appmesh.k8s.aws/virtualGatewaySkipImageOverride", "enabled");
      ObjectNode container = (ObjectNode) gateway.spec().at("/containers/0");
      container.put("name", "envoy").put("image", "own").putArray("args").add("own");

      Injection injection = envoys.inject(gateway, ON, GATEWAY, false);

      JsonNode envoy = injected(injection).at("/spec/containers/0");
      assertThat(envoy.path("image").asText()).isEqualTo("envoyproxy/envoy:v1.40.0");
      assertThat(envoy.has("args")).isFalse();
      assertThat(variables(envoy)).containsEntry("HEDDLE_NODE_KIND", "router");
      assertThat(((Injection.Injected) injection).warnings())
          .containsExactly(
              "appmesh.k8s.aws/virtualGatewaySkipImageOverride: the data plane envoy brings its own"
                  + " image");
    }

    @Test
    void aPodMayChooseForItself() {
      KubeObject one = annotated(DataPlane.ANNOTATION, "envoy");
      KubeObject other = annotated(DataPlane.ANNOTATION, "embedded");

      assertThat(image(injector.inject(one, ON, NODE, false))).startsWith("envoyproxy/envoy");
      assertThat(image(envoys.inject(other, ON, NODE, false))).contains("aws-appmesh-envoy");
    }

    @Test
    void whatDoesNotExistIsRefusedByName() {
      KubeObject pod = annotated(DataPlane.ANNOTATION, "nginx");

      assertThat(injector.inject(pod, ON, NODE, false))
          .isEqualTo(
              new Injection.Rejected(
                  "annotation heddle.dev/data-plane: 'nginx' (expected: embedded or envoy)"));
    }

    /** Kubernetes replaces those in commands before a shell sees them. */
    @Test
    void theScriptHasNoVariableReferencesOfKubernetes() {
      JsonNode envoy = injected(envoys.inject(pod(), ON, NODE, false)).at("/spec/containers/1");

      assertThat(envoy.at("/command/2").asText()).doesNotContain("$(", "$$");
    }

    private static ObjectNode injected(Injection injection) {
      return ((Injection.Injected) injection).pod();
    }

    private static String image(Injection injection) {
      return injected(injection).at("/spec/containers/1/image").asText();
    }

    private static Map<String, String> variables(JsonNode container) {
      return container
          .path("env")
          .valueStream()
          .collect(
              Collectors.toMap(
                  variable -> variable.path("name").asText(),
                  variable ->
                      variable
                          .path("value")
                          .asText(variable.at("/valueFrom/fieldRef/fieldPath").asText())));
    }
  }

  @Test
  void namesAnAnnotationThatItCannotRead() {
    KubeObject pod = annotated("appmesh.k8s.aws/volumeMounts", "certs");

    assertThat(injector.inject(pod, ON, NODE, false))
        .isEqualTo(
            new Injection.Rejected(
                "malformed annotation appmesh.k8s.aws/volumeMounts: certs"
                    + " (expected: name:/path,name2:/path2)"));
  }

  @Test
  void warnsOfAnnotationsWithoutEffect() {
    KubeObject pod = annotated("appmesh.k8s.aws/sds", "enabled");

    assertThat(injector.inject(pod, ON, NODE, false))
        .isInstanceOfSatisfying(
            Injection.Injected.class,
            injected ->
                assertThat(injected.warnings())
                    .containsExactly(
                        "appmesh.k8s.aws/sds: certificates from an SDS socket are not supported"));
  }

  @Test
  void leavesThePodItWasGivenAsItWas() {
    KubeObject pod = pod();
    JsonNode before = pod.json().deepCopy();

    injector.inject(pod, ON, NODE, true);

    assertThat(pod.json()).isEqualTo(before);
  }

  private static KubeObject pod() {
    KubeObject pod = KubeObject.of("v1", "Pod", "shop", "front");
    pod.json().putObject("spec").putArray("containers").addObject().put("name", "app");
    return pod;
  }

  private static KubeObject annotated(String name, String value) {
    KubeObject pod = pod();
    pod.metadata().putObject("annotations").put(name, value);
    return pod;
  }
}
