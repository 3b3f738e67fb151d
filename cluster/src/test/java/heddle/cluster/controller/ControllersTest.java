package heddle.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.admission.Admission;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.operation.Bootstrap;
import heddle.cluster.operation.InProcess;
import heddle.cluster.operation.Operations;
import heddle.cluster.store.Store;
import heddle.cluster.type.Types;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controllers on a real store. The test plays the node agent: it says which pods are ready. */
class ControllersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private Store store;
  private Objects objects;
  private Controllers controllers;

  @BeforeEach
  void start() {
    store = Store.open(folder.resolve("store.db"), 10_000);
    Operations operations =
        new Operations(
            store, new Types(), new Unasked(), "certificate", Clock.systemUTC(), new Random(1));
    new Bootstrap(operations).run();
    objects = new InProcess(operations, "test");
    controllers = Controllers.start(objects, "heddle", Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    controllers.close();
    store.close();
  }

  @Test
  void aDeploymentGetsItsPodsOnTheNode() {
    objects.create(Kinds.DEPLOYMENTS, deployment("web", 3, "one"));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(pods())
                    .hasSize(3)
                    .allMatch(pod -> pod.path("spec").path("nodeName").asText().equals("heddle"))
                    .allMatch(pod -> Metadata.name(pod).matches("web-[a-z0-9]+-[a-z0-9]{5}")));
  }

  @Test
  void aRolloutIsCompleteOnceEveryPodIsNewAndReady() {
    objects.create(Kinds.DEPLOYMENTS, deployment("web", 2, "one"));
    readyUntil(() -> status("web").path("availableReplicas").asInt() == 2);

    change("web", spec -> spec.withObject("/template/metadata/annotations").put("date", "now"));
    readyUntil(
        () ->
            status("web").path("updatedReplicas").asInt() == 2
                && status("web").path("replicas").asInt() == 2
                && status("web").path("observedGeneration").asLong() == 2);

    assertThat(pods())
        .hasSize(2)
        .allMatch(pod -> Metadata.annotations(pod).getOrDefault("date", "").equals("now"));
    assertThat(objects.list(Kinds.REPLICA_SETS, "default").items()).hasSize(2);
    assertThat(Metadata.annotations(web())).containsEntry("deployment.kubernetes.io/revision", "2");
    assertThat(condition("Progressing")).isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void goingBackToAnEarlierTemplateTakesItsReplicaSetAgain() {
    objects.create(Kinds.DEPLOYMENTS, deployment("web", 1, "one"));
    readyUntil(() -> status("web").path("availableReplicas").asInt() == 1);
    change("web", spec -> container(spec).put("image", "two"));
    readyUntil(() -> condition("Progressing").equals("NewReplicaSetAvailable") && images("two"));

    change("web", spec -> container(spec).put("image", "one"));
    readyUntil(() -> condition("Progressing").equals("NewReplicaSetAvailable") && images("one"));

    assertThat(objects.list(Kinds.REPLICA_SETS, "default").items()).hasSize(2);
    assertThat(Metadata.annotations(web())).containsEntry("deployment.kubernetes.io/revision", "3");
  }

  @Test
  void aPodThatIsDeletedIsReplacedAtOnce() {
    objects.create(Kinds.DEPLOYMENTS, deployment("web", 1, "one"));
    await().atMost(PATIENCE).until(() -> pods().size() == 1);
    String first = Metadata.uid(pods().get(0));

    objects.delete(
        Kinds.PODS, "default", Metadata.name(pods().get(0)), DeleteOptions.immediately(first));

    await()
        .atMost(PATIENCE)
        .until(() -> pods().size() == 1 && !Metadata.uid(pods().get(0)).equals(first));
  }

  @Test
  void aPodOnItsWayOutLeavesTheReadyEndpointsAtOnce() {
    objects.create(Kinds.SERVICES, service("web"));
    objects.create(Kinds.DEPLOYMENTS, deployment("web", 2, "one"));
    readyUntil(() -> readyEndpoints() == 2);
    ObjectNode leaving = pods().get(0);

    objects.delete(
        Kinds.PODS,
        "default",
        Metadata.name(leaving),
        new DeleteOptions(30L, null, null, DeleteOptions.Propagation.BACKGROUND));

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(readyEndpoints()).isEqualTo(1));
    assertThat(endpoints().path("subsets").path(0).path("addresses")).hasSize(1);
  }

  @Test
  void deletingADeploymentDeletesWhatItOwns() {
    objects.create(Kinds.DEPLOYMENTS, deployment("web", 2, "one"));
    await().atMost(PATIENCE).until(() -> pods().size() == 2);

    objects.delete(Kinds.DEPLOYMENTS, "default", "web", DeleteOptions.background());

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              finishDeletions();
              assertThat(objects.list(Kinds.REPLICA_SETS, "default").items()).isEmpty();
              assertThat(pods()).isEmpty();
            });
  }

  @Test
  void anOrphaningDeletionKeepsThePods() {
    objects.create(Kinds.DEPLOYMENTS, deployment("web", 1, "one"));
    await().atMost(PATIENCE).until(() -> pods().size() == 1);
    ObjectNode set = objects.list(Kinds.REPLICA_SETS, "default").items().get(0);

    objects.delete(
        Kinds.DEPLOYMENTS,
        "default",
        "web",
        new DeleteOptions(null, null, null, DeleteOptions.Propagation.ORPHAN));

    await()
        .atMost(PATIENCE)
        .until(() -> objects.get(Kinds.DEPLOYMENTS, "default", "web").isEmpty());
    ObjectNode orphan =
        objects.get(Kinds.REPLICA_SETS, "default", Metadata.name(set)).orElseThrow();
    assertThat(Metadata.owners(orphan)).isEmpty();
    assertThat(pods()).hasSize(1);
  }

  @Test
  void aForegroundDeletionSparesWhatItsOwnerReleasedOrShares() {
    ObjectNode owner = objects.create(Kinds.CONFIG_MAPS, owned("owner"));
    ObjectNode other = objects.create(Kinds.CONFIG_MAPS, owned("other"));
    objects.create(Kinds.CONFIG_MAPS, owned("released", owner));
    objects.create(Kinds.CONFIG_MAPS, owned("shared", owner, other));
    objects.create(Kinds.CONFIG_MAPS, owned("own", owner));
    objects.modify(
        Kinds.CONFIG_MAPS,
        "default",
        "released",
        copy -> {
          Metadata.of(copy).remove("ownerReferences");
          return copy;
        });

    objects.delete(
        Kinds.CONFIG_MAPS,
        "default",
        "owner",
        new DeleteOptions(null, null, null, DeleteOptions.Propagation.FOREGROUND));

    await().atMost(PATIENCE).until(() -> map("owner").isEmpty());
    assertThat(map("own")).isEmpty();
    assertThat(map("released")).isPresent();
    assertThat(Metadata.owners(map("shared").orElseThrow()))
        .extracting(reference -> reference.path("name").asText())
        .containsExactly("other");
  }

  private java.util.Optional<ObjectNode> map(String name) {
    return objects.get(Kinds.CONFIG_MAPS, "default", name);
  }

  private static ObjectNode owned(String name, ObjectNode... owners) {
    ObjectNode map = named("ConfigMap", "", name);
    Metadata.of(map).put("namespace", "default");
    for (ObjectNode owner : owners) {
      Metadata.of(map)
          .withArray("ownerReferences")
          .addObject()
          .put("apiVersion", "v1")
          .put("kind", "ConfigMap")
          .put("name", Metadata.name(owner))
          .put("uid", Metadata.uid(owner))
          .put("blockOwnerDeletion", true);
    }
    return map;
  }

  @Test
  void aNamespaceGoesOnceItIsEmpty() {
    objects.create(Kinds.NAMESPACES, named("Namespace", "", "shop"));
    ObjectNode deployment = deployment("web", 1, "one");
    Metadata.of(deployment).put("namespace", "shop");
    objects.create(Kinds.DEPLOYMENTS, deployment);
    await().atMost(PATIENCE).until(() -> objects.list(Kinds.PODS, "shop").items().size() == 1);

    objects.delete(Kinds.NAMESPACES, null, "shop", DeleteOptions.background());

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              finishDeletions();
              assertThat(objects.get(Kinds.NAMESPACES, null, "shop")).isEmpty();
            });
  }

  /** Marks every pod ready with an address, as a node agent would, until the condition holds. */
  private void readyUntil(java.util.concurrent.Callable<Boolean> condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              pods().forEach(this::ready);
              finishDeletions();
              return condition.call();
            });
  }

  private void ready(ObjectNode pod) {
    objects.modifyStatus(
        Kinds.PODS,
        "default",
        Metadata.name(pod),
        copy -> {
          ObjectNode status = copy.withObject("/status");
          status.put("phase", "Running");
          status.put("podIP", "10.244.0." + (Metadata.uid(pod).hashCode() & 0xff));
          status
              .putArray("conditions")
              .addObject()
              .put("type", "Ready")
              .put("status", "True")
              .put("lastTransitionTime", "2026-01-01T00:00:00Z");
          return copy;
        });
  }

  private void finishDeletions() {
    for (ObjectNode pod : objects.list(Kinds.PODS, null).items()) {
      if (Metadata.deleting(pod)) {
        try {
          objects.delete(
              Kinds.PODS,
              Metadata.namespace(pod),
              Metadata.name(pod),
              DeleteOptions.immediately(Metadata.uid(pod)));
        } catch (ApiException e) {
          assertThat(e.code()).isEqualTo(404);
        }
      }
    }
  }

  private List<ObjectNode> pods() {
    return objects.list(Kinds.PODS, "default").items();
  }

  private ObjectNode web() {
    return objects.get(Kinds.DEPLOYMENTS, "default", "web").orElseThrow();
  }

  private JsonNode status(String name) {
    return objects.get(Kinds.DEPLOYMENTS, "default", name).orElseThrow().path("status");
  }

  private String condition(String type) {
    for (JsonNode condition : status("web").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("reason").asText();
      }
    }
    return "";
  }

  private boolean images(String image) {
    return !pods().isEmpty()
        && pods().stream()
            .allMatch(
                pod ->
                    pod.path("spec")
                        .path("containers")
                        .path(0)
                        .path("image")
                        .asText()
                        .equals(image));
  }

  private ObjectNode endpoints() {
    return objects.get(Kinds.ENDPOINTS, "default", "web").orElseThrow();
  }

  private long readyEndpoints() {
    long ready = 0;
    for (ObjectNode slice : objects.list(Kinds.ENDPOINT_SLICES, "default").items()) {
      for (JsonNode endpoint : slice.path("endpoints")) {
        ready += endpoint.path("conditions").path("ready").asBoolean() ? 1 : 0;
      }
    }
    return ready;
  }

  private void change(String name, java.util.function.Consumer<ObjectNode> edit) {
    objects.modify(
        Kinds.DEPLOYMENTS,
        "default",
        name,
        copy -> {
          edit.accept(copy.withObject("/spec"));
          return copy;
        });
  }

  private static ObjectNode container(ObjectNode spec) {
    return (ObjectNode) spec.path("template").path("spec").path("containers").path(0);
  }

  private static ObjectNode deployment(String name, int replicas, String image) {
    return json(
        """
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"name": "%1$s", "namespace": "default"},
         "spec": {"replicas": %2$d, "selector": {"matchLabels": {"app": "%1$s"}},
          "template": {"metadata": {"labels": {"app": "%1$s"}},
           "spec": {"containers": [{"name": "app", "image": "%3$s"}]}}}}
        """
            .formatted(name, replicas, image));
  }

  private static ObjectNode service(String name) {
    return json(
        """
        {"apiVersion": "v1", "kind": "Service",
         "metadata": {"name": "%1$s", "namespace": "default"},
         "spec": {"selector": {"app": "%1$s"}, "ports": [{"port": 80, "targetPort": 8080}]}}
        """
            .formatted(name));
  }

  private static ObjectNode named(String kind, String namespace, String name) {
    return json(
        """
        {"apiVersion": "v1", "kind": "%s", "metadata": {"name": "%s"}}
        """
            .formatted(kind, name));
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Lets everything pass. */
  private static final class Unasked implements Admission {
    @Override
    public Outcome mutate(Request request) {
      return new Outcome(request.object(), List.of());
    }

    @Override
    public List<String> validate(Request request) {
      return List.of();
    }
  }
}
