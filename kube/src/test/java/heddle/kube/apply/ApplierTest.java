package heddle.kube.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.StubApi;
import heddle.kube.apply.Applied.Change;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplierTest {
  private StubApi server;
  private KubeApi api;
  private Applier applier;

  @BeforeEach
  void start() throws Exception {
    server = new StubApi();
    api = server.connect();
    applier = new Applier(api, "heddle", System::nanoTime);
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  @Test
  void appliesNamespacesAndDefinitionsFirstAndFillsInTheNamespace() throws Exception {
    List<Applied> applied =
        applier.apply(
            List.of(
                KubeObject.of("v1", "ConfigMap", "", "settings"),
                KubeObject.of("v1", "Namespace", "", "shop"),
                KubeObject.of(
                    "apiextensions.k8s.io/v1",
                    "CustomResourceDefinition",
                    "",
                    "meshes.appmesh.k8s.aws")),
            "shop");

    assertThat(applied).extracting(Applied::change).containsOnly(Change.CREATED);
    assertThat(applied)
        .extracting(one -> one.object().toString())
        .containsExactly(
            "Namespace shop",
            "CustomResourceDefinition meshes.appmesh.k8s.aws",
            "ConfigMap shop/settings");
  }

  @Test
  void saysWhatChangedAndRemembersWhatWasApplied() throws Exception {
    KubeObject settings = KubeObject.of("v1", "ConfigMap", "shop", "settings");
    settings.json().putObject("data").put("a", "1");

    assertThat(applier.apply(settings, "default").change()).isEqualTo(Change.CREATED);
    assertThat(applier.apply(settings, "default").change()).isEqualTo(Change.UNCHANGED);
    settings.json().putObject("data").put("a", "2");
    Applied changed = applier.apply(settings, "default");

    assertThat(changed.change()).isEqualTo(Change.CONFIGURED);
    assertThat(changed.object().annotations().get(Applier.LAST_APPLIED))
        .contains("\"data\":{\"a\":\"2\"}");
  }

  @Test
  void removesWhatTheManifestHadBeforeAndLeavesWhatOthersWrote() {
    KubeObject settings = KubeObject.of("v1", "ConfigMap", "shop", "settings");
    settings.json().putObject("data").put("a", "1").put("b", "2");
    KubeObject stored = applier.apply(settings, "default").object().copy();
    ((ObjectNode) stored.json().path("data")).put("theirs", "3");
    api.replace(stored);

    settings.json().putObject("data").put("a", "1");
    KubeObject after = applier.apply(settings, "default").object();

    assertThat(after.json().path("data").toString()).isEqualTo("{\"a\":\"1\",\"theirs\":\"3\"}");
  }

  @Test
  void prunesWhatIsLabelledAndNoLongerApplied() {
    KubeKind configMaps = api.kind("v1", "ConfigMap");
    List<KubeObject> objects =
        List.of(labelled("a", "ours"), labelled("b", "ours"), labelled("c", "theirs"));
    objects.forEach(api::create);

    List<Applied> pruned =
        applier.prune("set=ours", List.of(objects.getFirst()), List.of(configMaps));

    assertThat(pruned).extracting(one -> one.object().name()).containsExactly("b");
    assertThat(api.get(configMaps, "default", "b")).isEmpty();
    assertThat(api.get(configMaps, "default", "c")).isPresent();
  }

  @Test
  void waitsForAConditionByWatching() throws Exception {
    Waiter waiter = new Waiter(api, System::nanoTime);
    KubeObject pod = api.create(KubeObject.of("v1", "Pod", "default", "a"));
    Thread later =
        Thread.ofVirtual()
            .start(
                () -> {
                  KubeObject ready = pod.copy();
                  ready
                      .json()
                      .putObject("status")
                      .putArray("conditions")
                      .addObject()
                      .put("type", "Ready")
                      .put("status", "True");
                  api.replaceStatus(ready);
                });

    assertThat(waiter.await(pod, "Ready", Duration.ofSeconds(20)).isTrue("Ready")).isTrue();
    later.join();
  }

  @Test
  void saysWhatItWaitedForInVain() {
    Waiter waiter = new Waiter(api, System::nanoTime);
    KubeObject pod = api.create(KubeObject.of("v1", "Pod", "default", "a"));

    assertThatThrownBy(() -> waiter.await(pod, "Ready", Duration.ofMillis(50)))
        .isInstanceOf(KubeException.class)
        .hasMessage("pods default/a: no condition Ready within PT0.05S");
  }

  private static KubeObject labelled(String name, String set) {
    KubeObject object = KubeObject.of("v1", "ConfigMap", "default", name);
    object.metadata().putObject("labels").put("set", set);
    return object;
  }
}
