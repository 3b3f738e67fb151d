package heddle.cluster.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import heddle.cluster.fixture.Json;
import heddle.cluster.object.ApiException;
import io.kubernetes.client.proto.IntStr.IntOrString;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Resource.Quantity;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Coordination;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KubernetesProtobufTest {
  private final KubernetesProtobuf protobuf = new KubernetesProtobuf();

  private static byte[] envelope(String apiVersion, String kind, Message object) {
    return ByteString.copyFrom(new byte[] {'k', '8', 's', 0})
        .concat(
            Runtime.Unknown.newBuilder()
                .setTypeMeta(Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
                .setRaw(object.toByteString())
                .setContentEncoding("")
                .setContentType("")
                .build()
                .toByteString())
        .toByteArray();
  }

  private ObjectNode decode(String apiVersion, String kind, Message.Builder object) {
    return protobuf.decode(envelope(apiVersion, kind, object.build()));
  }

  @Test
  void readsADeploymentAsGoWritesIt() {
    var metadata =
        Meta.ObjectMeta.newBuilder()
            .setName("web")
            .setGenerateName("")
            .setNamespace("")
            .setUid("")
            .setGeneration(0)
            .setCreationTimestamp(Meta.Time.getDefaultInstance())
            .putLabels("app", "web");
    var container =
        V1.Container.newBuilder()
            .setName("c")
            .setImage("i")
            .setTty(false)
            .addPorts(V1.ContainerPort.newBuilder().setContainerPort(80).setHostPort(0))
            .setReadinessProbe(
                V1.Probe.newBuilder()
                    .setHandler(
                        V1.ProbeHandler.newBuilder()
                            .setHttpGet(
                                V1.HTTPGetAction.newBuilder()
                                    .setPath("/x")
                                    .setPort(
                                        IntOrString.newBuilder().setType(1).setStrVal("http"))))
                    .setPeriodSeconds(0)
                    .setTimeoutSeconds(3))
            .setResources(
                V1.ResourceRequirements.newBuilder()
                    .putLimits("cpu", Quantity.newBuilder().setString("500m").build()));
    var volume =
        V1.Volume.newBuilder()
            .setName("v")
            .setVolumeSource(
                V1.VolumeSource.newBuilder()
                    .setConfigMap(
                        V1.ConfigMapVolumeSource.newBuilder()
                            .setLocalObjectReference(
                                V1.LocalObjectReference.newBuilder().setName("cm"))));
    var deployment =
        V1Apps.Deployment.newBuilder()
            .setMetadata(metadata)
            .setSpec(
                V1Apps.DeploymentSpec.newBuilder()
                    .setReplicas(0)
                    .setMinReadySeconds(0)
                    .setPaused(false)
                    .setStrategy(
                        V1Apps.DeploymentStrategy.newBuilder()
                            .setRollingUpdate(
                                V1Apps.RollingUpdateDeployment.newBuilder()
                                    .setMaxSurge(IntOrString.newBuilder().setType(0).setIntVal(2))))
                    .setTemplate(
                        V1.PodTemplateSpec.newBuilder()
                            .setSpec(
                                V1.PodSpec.newBuilder()
                                    .setTerminationGracePeriodSeconds(0)
                                    .addContainers(container)
                                    .addVolumes(volume))));

    assertThat(decode("apps/v1", "Deployment", deployment))
        .isEqualTo(
            Json.of(
                """
                {apiVersion:'apps/v1',kind:'Deployment',
                 metadata:{name:'web',labels:{app:'web'}},
                 spec:{replicas:0,
                   template:{spec:{
                     volumes:[{name:'v',configMap:{name:'cm'}}],
                     containers:[{name:'c',image:'i',ports:[{containerPort:80}],
                       resources:{limits:{cpu:'500m'}},
                       readinessProbe:{httpGet:{path:'/x',port:'http'},timeoutSeconds:3}}],
                     terminationGracePeriodSeconds:0}},
                   strategy:{rollingUpdate:{maxSurge:2}}}}
                """));
  }

  @Test
  void readsBytesAsBase64AndKeepsEmptyStringsOfMaps() {
    assertThat(
            decode(
                "v1", "Secret", V1.Secret.newBuilder().putData("k", ByteString.copyFromUtf8("hi"))))
        .isEqualTo(Json.of("{apiVersion:'v1',kind:'Secret',data:{k:'aGk='}}"));
    assertThat(decode("v1", "ConfigMap", V1.ConfigMap.newBuilder().putData("k", "")))
        .isEqualTo(Json.of("{apiVersion:'v1',kind:'ConfigMap',data:{k:''}}"));
  }

  @Test
  void readsTimesInSecondsAndMicroTimesInMicroseconds() {
    assertThat(
            decode(
                "coordination.k8s.io/v1",
                "Lease",
                V1Coordination.Lease.newBuilder()
                    .setMetadata(
                        Meta.ObjectMeta.newBuilder()
                            .setCreationTimestamp(Meta.Time.newBuilder().setSeconds(1704164645)))
                    .setSpec(
                        V1Coordination.LeaseSpec.newBuilder()
                            .setHolderIdentity("")
                            .setLeaseTransitions(0)
                            .setRenewTime(
                                Meta.MicroTime.newBuilder()
                                    .setSeconds(1704164645)
                                    .setNanos(5000)))))
        .isEqualTo(
            Json.of(
                """
                {apiVersion:'coordination.k8s.io/v1',kind:'Lease',
                 metadata:{creationTimestamp:'2024-01-02T03:04:05Z'},
                 spec:{holderIdentity:'',leaseTransitions:0,
                   renewTime:'2024-01-02T03:04:05.000005Z'}}
                """));
  }

  @Test
  void readsDeleteOptionsOfAnyGroupWithTheirGraceOfZero() {
    assertThat(
            decode(
                "apps/v1",
                "DeleteOptions",
                Meta.DeleteOptions.newBuilder()
                    .setGracePeriodSeconds(0)
                    .setPropagationPolicy("Background")))
        .isEqualTo(
            Json.of(
                """
                {apiVersion:'apps/v1',kind:'DeleteOptions',gracePeriodSeconds:0,
                 propagationPolicy:'Background'}
                """));
  }

  @Test
  void readsSchemasWithTheirNamesAndChoices() {
    var schema =
        V1Apiextensions.JSONSchemaProps.newBuilder()
            .setType("object")
            .setXKubernetesPreserveUnknownFields(true)
            .setDefault(
                V1Apiextensions.JSON.newBuilder().setRaw(ByteString.copyFromUtf8("{\"a\":1}")))
            .setAdditionalProperties(
                V1Apiextensions.JSONSchemaPropsOrBool.newBuilder()
                    .setAllows(true)
                    .setSchema(V1Apiextensions.JSONSchemaProps.newBuilder().setType("string")))
            .setItems(
                V1Apiextensions.JSONSchemaPropsOrArray.newBuilder()
                    .setSchema(V1Apiextensions.JSONSchemaProps.newBuilder().setType("integer")));
    var definition =
        V1Apiextensions.CustomResourceDefinition.newBuilder()
            .setSpec(
                V1Apiextensions.CustomResourceDefinitionSpec.newBuilder()
                    .addVersions(
                        V1Apiextensions.CustomResourceDefinitionVersion.newBuilder()
                            .setName("v1")
                            .setSchema(
                                V1Apiextensions.CustomResourceValidation.newBuilder()
                                    .setOpenAPIV3Schema(schema))));

    assertThat(
            decode("apiextensions.k8s.io/v1", "CustomResourceDefinition", definition)
                .at("/spec/versions/0/schema/openAPIV3Schema"))
        .isEqualTo(
            Json.of(
                """
                {type:'object',default:{a:1},items:{type:'integer'},
                 additionalProperties:{type:'string'},'x-kubernetes-preserve-unknown-fields':true}
                """));
  }

  @Test
  void inlinesTheRulesOfWebhooks() {
    var configuration =
        V1Admissionregistration.MutatingWebhookConfiguration.newBuilder()
            .addWebhooks(
                V1Admissionregistration.MutatingWebhook.newBuilder()
                    .setName("w")
                    .addRules(
                        V1Admissionregistration.RuleWithOperations.newBuilder()
                            .addOperations("CREATE")
                            .setRule(
                                V1Admissionregistration.Rule.newBuilder()
                                    .addApiGroups("")
                                    .addResources("pods"))));

    assertThat(
            decode("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", configuration)
                .at("/webhooks"))
        .isEqualTo(
            Json.of(
                    "{x:[{name:'w',rules:[{apiGroups:[''],resources:['pods'],operations:['CREATE']}]}]}")
                .get("x"));
  }

  @Test
  void refusesWhatItDoesNotKnowByName() {
    var empty = V1.Pod.getDefaultInstance();
    assertThatThrownBy(() -> protobuf.decode(envelope("appmesh.k8s.aws/v1beta2", "Mesh", empty)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(415))
        .hasMessageContaining("kind \"Mesh\" of \"appmesh.k8s.aws/v1beta2\"");
    assertThatThrownBy(() -> protobuf.decode(envelope("v1", "Nothing", empty)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(415));
    assertThatThrownBy(
            () -> protobuf.decode("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void knowsTheFieldsOfAKind() {
    Shape.Struct pod = protobuf.shape("v1", "Pod").orElseThrow();
    assertThat(pod.fields()).containsOnlyKeys("metadata", "spec", "status");
    Shape.Struct spec = (Shape.Struct) pod.fields().get("spec");
    assertThat(spec.fields().get("nodeSelector"))
        .isEqualTo(new Shape.MapOf(new Shape.Scalar("string", "")));
    Shape.Struct volume = (Shape.Struct) ((Shape.ListOf) spec.fields().get("volumes")).element();
    assertThat(volume.fields()).containsKeys("name", "emptyDir", "configMap");
    assertThat(volume.fields()).doesNotContainKey("volumeSource");
    assertThat(protobuf.shape("x.y/v1", "Pod")).isEmpty();
  }

  @Property(tries = 300)
  void damagedBytesAreABadRequestOrAnotherObjectButNeverAnythingElse(
      @ForAll @IntRange(max = 200) int at, @ForAll byte damage) {
    byte[] body =
        envelope(
            "v1",
            "Pod",
            V1.Pod.newBuilder()
                .setMetadata(
                    Meta.ObjectMeta.newBuilder()
                        .setName("p")
                        .setCreationTimestamp(Meta.Time.newBuilder().setSeconds(5)))
                .setSpec(
                    V1.PodSpec.newBuilder()
                        .addContainers(V1.Container.newBuilder().setName("c").setImage("image")))
                .build());
    body[at % body.length] = damage;
    try {
      assertThat(new KubernetesProtobuf().decode(body)).isNotNull();
    } catch (ApiException e) {
      assertThat(e.code()).isIn(400, 415);
    }
  }
}
