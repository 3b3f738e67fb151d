package heddle.cluster.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.User;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.ResourceType;
import heddle.cluster.object.WatchEvent;
import heddle.cluster.store.Store;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InProcessTest {
  private static final ResourceType PODS = new ResourceType("", "v1", "pods", "Pod", true);
  private static final ResourceType MAPS =
      new ResourceType("", "v1", "configmaps", "ConfigMap", true);
  private static final ResourceType SERVICES =
      new ResourceType("", "v1", "services", "Service", true);
  private static final ResourceType NAMESPACES =
      new ResourceType("", "v1", "namespaces", "Namespace", false);
  private static final ResourceType DEPLOYMENTS =
      new ResourceType("apps", "v1", "deployments", "Deployment", true);

  @TempDir Path directory;
  private Store store;
  private Operations operations;
  private InProcess objects;

  @BeforeEach
  void open() {
    store = Store.open(directory.resolve("state.db"), 1000);
    operations =
        new Operations(
            store, new Types(), new NoAdmission(), "PEM", InstantSource.system(), new Random(7));
    new Bootstrap(operations).run();
    objects = new InProcess(operations, "test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ObjectNode map(String name) {
    return json("{'metadata':{'name':'%s','namespace':'default'}}".formatted(name));
  }

  private static ObjectNode pod(String name) {
    return json(
        "{'metadata':{'name':'%s','namespace':'default'},'spec':{'containers':[{'name':'c','image':'i'}]}}"
            .formatted(name));
  }

  @Test
  void aNewNamespaceHasItsAccountItsCertificateAndItsLabel() {
    objects.create(NAMESPACES, json("{'metadata':{'name':'shop'}}"));
    assertThat(objects.get(MAPS, "shop", "kube-root-ca.crt")).isPresent();
    ObjectNode namespace = objects.get(NAMESPACES, null, "shop").orElseThrow();
    assertThat(Metadata.labels(namespace)).containsEntry("kubernetes.io/metadata.name", "shop");
    assertThat(namespace.path("status").path("phase").asText()).isEqualTo("Active");
  }

  @Test
  void aWatchOutlivesAListenerThatFails() throws InterruptedException {
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    long revision = objects.list(MAPS, "default").revision();
    try (var watch =
        objects.watch(
            MAPS,
            "default",
            revision,
            event -> {
              heard.add(event.type() + " " + Metadata.name(event.object()));
              throw ApiException.badRequest("a defect");
            })) {
      objects.create(MAPS, map("a"));
      objects.create(MAPS, map("b"));
      assertThat(heard.poll(30, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo("ADDED a");
      assertThat(heard.poll(30, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo("ADDED b");
    }
  }

  @Test
  void secretsMayHaveTheLineBreaksThatBlocksOfYamlGiveThem() {
    ResourceType secrets = new ResourceType("", "v1", "secrets", "Secret", true);
    ObjectNode secret = json("{'metadata':{'name':'s','namespace':'default'},'data':{}}");
    ((ObjectNode) secret.path("data")).put("k", "aGVs\r\nbG8=\n");
    assertThat(objects.create(secrets, secret).at("/data/k").asText()).isEqualTo("aGVsbG8=");
  }

  @Test
  void createsWithAGeneratedNameAndRefusesASecondOfTheSameName() {
    ObjectNode created =
        objects.create(MAPS, json("{'metadata':{'generateName':'a-','namespace':'default'}}"));
    assertThat(Metadata.name(created)).matches("a-[a-z0-9]{5}");
    assertThatThrownBy(() -> objects.create(MAPS, map(Metadata.name(created))))
        .isInstanceOf(ApiException.class)
        .hasMessage("configmaps \"" + Metadata.name(created) + "\" already exists");
  }

  @Test
  void aWriteThatChangesNothingKeepsTheRevision() {
    ObjectNode created = objects.create(MAPS, map("a"));
    ObjectNode again = objects.update(MAPS, created);
    assertThat(Metadata.resourceVersion(again)).isEqualTo(Metadata.resourceVersion(created));
  }

  @Test
  void aStaleUpdateIsAConflict() {
    ObjectNode created = objects.create(MAPS, map("a"));
    objects.modify(MAPS, "default", "a", o -> o.set("data", json("{'k':'v'}")));
    created.putObject("data").put("k", "other");
    assertThatThrownBy(() -> objects.update(MAPS, created))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo("Conflict"));
  }

  @Test
  void statusAndSpecAreWrittenApart() {
    objects.create(PODS, pod("p"));
    objects.modifyStatus(
        PODS,
        "default",
        "p",
        o -> {
          o.withObject("/status").put("phase", "Running");
          o.withObject("/spec").put("nodeName", "ignored");
          return o;
        });
    ObjectNode pod = objects.get(PODS, "default", "p").orElseThrow();
    assertThat(pod.path("status").path("phase").asText()).isEqualTo("Running");
    assertThat(pod.path("spec").has("nodeName")).isFalse();
    assertThat(pod.path("spec").path("restartPolicy").asText()).isEqualTo("Always");
    assertThat(Metadata.generation(pod)).isEqualTo(1);
  }

  @Test
  void aRunningPodStaysUntilItsGraceIsOver() {
    objects.create(PODS, pod("p"));
    objects.modify(
        PODS,
        "default",
        "p",
        o -> o.set("spec", ((ObjectNode) o.get("spec")).put("nodeName", "n")));
    objects.delete(PODS, "default", "p", DeleteOptions.background());
    ObjectNode pod = objects.get(PODS, "default", "p").orElseThrow();
    assertThat(pod.path("metadata").path("deletionGracePeriodSeconds").asInt()).isEqualTo(30);
    objects.delete(PODS, "default", "p", DeleteOptions.immediately(Metadata.uid(pod)));
    assertThat(objects.get(PODS, "default", "p")).isEmpty();
  }

  @Test
  void finalizersHoldAnObjectUntilTheLastIsRemoved() {
    ObjectNode map = map("a");
    Metadata.addFinalizer(map, "example.com/hold");
    objects.create(MAPS, map);
    objects.delete(MAPS, "default", "a", DeleteOptions.background());
    assertThat(Metadata.deleting(objects.get(MAPS, "default", "a").orElseThrow())).isTrue();
    objects.modify(
        MAPS,
        "default",
        "a",
        o -> {
          Metadata.of(o).remove("finalizers");
          return o;
        });
    assertThat(objects.get(MAPS, "default", "a")).isEmpty();
  }

  @Test
  void servicesGetAddressesAndNodePorts() {
    ObjectNode service =
        json(
            "{'metadata':{'name':'s','namespace':'default'},'spec':{'type':'LoadBalancer','ports':[{'port':80}]}}");
    ObjectNode created = objects.create(SERVICES, service);
    assertThat(created.path("spec").path("clusterIP").asText()).isEqualTo("10.96.1.1");
    assertThat(created.path("spec").path("ports").get(0).path("nodePort").asInt()).isEqualTo(30000);
    ObjectNode clash = service.deepCopy();
    Metadata.of(clash).put("name", "t");
    clash.withObject("/spec").put("clusterIP", "10.96.1.1");
    assertThatThrownBy(() -> objects.create(SERVICES, clash))
        .hasMessageContaining("provided IP is already allocated");
  }

  @Test
  void deploymentsAreDefaultedAndCheckedInKubernetesWords() {
    ObjectNode deployment =
        json(
            "{'metadata':{'name':'d','namespace':'default'},'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
    assertThatThrownBy(() -> objects.create(DEPLOYMENTS, deployment))
        .hasMessage("Deployment.apps \"d\" is invalid: spec.selector: Required value");
    deployment.withObject("/spec/selector/matchLabels").put("app", "d");
    deployment.withObject("/spec/template/metadata/labels").put("app", "d");
    ObjectNode created = objects.create(DEPLOYMENTS, deployment);
    assertThat(created.path("spec").path("replicas").asInt()).isEqualTo(1);
    assertThat(created.path("spec").path("strategy").path("type").asText())
        .isEqualTo("RollingUpdate");
  }

  @Test
  void aWatchSeesEveryChangeAfterItsRevisionInOrder() throws InterruptedException {
    long from = objects.list(MAPS, null).revision();
    LinkedBlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    try (var watch = objects.watch(MAPS, "default", from, events::add)) {
      assertThat(watch).isNotNull();
      objects.create(MAPS, map("a"));
      objects.modify(MAPS, "default", "a", o -> o.set("data", json("{'k':'v'}")));
      objects.delete(MAPS, "default", "a", DeleteOptions.background());
      List<WatchEvent.Type> types =
          List.of(events.take().type(), events.take().type(), events.take().type());
      assertThat(types)
          .containsExactly(
              WatchEvent.Type.ADDED, WatchEvent.Type.MODIFIED, WatchEvent.Type.DELETED);
    }
  }

  @Test
  void customKindsAreServedAsSoonAsTheirDefinitionIsCreated() {
    ResourceType crds =
        new ResourceType(
            "apiextensions.k8s.io",
            "v1",
            "customresourcedefinitions",
            "CustomResourceDefinition",
            false);
    ObjectNode crd =
        objects.create(
            crds,
            json(
                "{'metadata':{'name':'things.example.com'},'spec':{'group':'example.com','scope':'Namespaced','names':{'plural':'things','kind':'Thing'},"
                    + "'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}]}}"));
    assertThat(crd.path("status").path("conditions").toString()).contains("Established");
    ResourceType things = new ResourceType("example.com", "v1", "things", "Thing", true);
    objects.create(things, map("one"));
    assertThat(objects.types()).contains(things);
    objects.delete(crds, null, "things.example.com", DeleteOptions.background());
    assertThat(objects.types()).doesNotContain(things);
  }

  @Test
  void nobodyDeletesADefinitionOfHeddlesOwn() {
    Served crds =
        operations.types().find("apiextensions.k8s.io", "v1", "customresourcedefinitions").get();
    operations.create(
        Call.system("test"),
        crds,
        "",
        json(
            "{'metadata':{'name':'things.example.com','annotations':{'heddle.dev/built-in':'true'}},'spec':{'group':'example.com','scope':'Namespaced','names':{'plural':'things','kind':'Thing'},"
                + "'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}]}}"));
    User user = new User("admin", "", List.of(User.MASTERS), java.util.Map.of());
    Call admin = new Call(user, false, "kubectl", Call.FieldValidation.STRICT, warning -> {});
    assertThatThrownBy(
            () ->
                operations.delete(
                    admin, crds, "", "things.example.com", DeleteOptions.background()))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(
            "customresourcedefinitions.apiextensions.k8s.io \"things.example.com\" is forbidden")
        .hasMessageContaining("kubectl delete things.example.com --all");
    assertThat(operations.get(crds, "", "things.example.com")).isPresent();
  }

  @Test
  void theNamespacesOfTheSystemStay() {
    for (String name : List.of("default", "kube-system", "kube-public")) {
      assertThatThrownBy(() -> objects.delete(NAMESPACES, null, name, DeleteOptions.background()))
          .isInstanceOf(ApiException.class)
          .hasMessage(
              "namespaces \"%s\" is forbidden: this namespace may not be deleted".formatted(name));
    }
  }
}
