package heddle.kube.cache;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.Scope;
import heddle.kube.StubApi;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourceCacheTest {
  private StubApi server;
  private KubeApi api;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final ResourceCache.Listener listener =
      (before, after) ->
          heard.add(
              before == null
                  ? "added " + after.name()
                  : after == null ? "removed " + before.name() : "changed " + after.name());

  @BeforeEach
  void start() throws Exception {
    server = new StubApi();
    api = server.connect();
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  @Test
  void holdsWhatWasThereAndFollowsWhatHappens() throws Exception {
    api.create(pod("a"));
    try (ResourceCache cache =
        ResourceCache.start(api, KubeKind.POD, Scope.everywhere(), listener)) {
      assertThat(cache.awaitSynced(Duration.ofSeconds(20))).isTrue();
      assertThat(cache.get("default", "a")).isPresent();

      KubeObject b = api.create(pod("b"));
      KubeObject changed = b.copy();
      changed.json().putObject("spec").put("nodeName", "n");
      api.replace(changed);
      api.delete(KubeKind.POD, "default", "a");

      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(heard)
                      .containsExactly("added a", "added b", "changed b", "removed a"));
      assertThat(cache.all()).extracting(KubeObject::name).containsExactly("b");
    }
  }

  @Test
  void missesNothingWhenWatchesEnd() throws Exception {
    try (ResourceCache cache =
        ResourceCache.start(api, KubeKind.POD, Scope.everywhere(), listener)) {
      assertThat(cache.awaitSynced(Duration.ofSeconds(20))).isTrue();
      for (int i = 0; i < 20; i++) {
        api.create(pod("p" + i));
        server.endWatches();
      }

      Awaitility.await().until(() -> cache.all().size() == 20);
    }
  }

  @Test
  void waitsForAKindThatIsNotServedYet() throws Exception {
    KubeKind mesh = new KubeKind("appmesh.k8s.aws/v1beta2", "Mesh", "meshes", false);
    try (ResourceCache cache = ResourceCache.start(api, mesh, Scope.everywhere(), listener)) {
      assertThat(cache.awaitSynced(Duration.ofSeconds(20))).isTrue();
      assertThat(cache.all()).isEmpty();

      server.serve(mesh);
      api.create(KubeObject.of("appmesh.k8s.aws/v1beta2", "Mesh", "", "shop"));

      Awaitility.await().until(() -> cache.get("", "shop").isPresent());
    }
  }

  private static KubeObject pod(String name) {
    return KubeObject.of("v1", "Pod", "default", name);
  }
}
