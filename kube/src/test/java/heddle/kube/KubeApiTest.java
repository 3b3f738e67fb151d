package heddle.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeApiTest {
  private StubApi server;
  private KubeApi api;

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

  static KubeObject configMap(String name, String value) {
    KubeObject object = KubeObject.of("v1", "ConfigMap", "default", name);
    object.json().putObject("data").put("key", value);
    return object;
  }

  @Test
  void createsReadsReplacesAndDeletes() {
    KubeObject created = api.create(configMap("a", "1"));
    KubeKind kind = api.kindOf(created);
    KubeObject changed = created.copy();
    ((ObjectNode) changed.json().path("data")).put("key", "2");

    KubeObject replaced = api.replace(changed);

    assertThat(created.uid()).isNotEmpty();
    assertThat(api.get(kind, "default", "a")).contains(replaced);
    assertThat(api.list(kind, Scope.in("default")).items()).containsExactly(replaced);
    assertThat(api.delete(kind, "default", "a")).isTrue();
    assertThat(api.delete(kind, "default", "a")).isFalse();
    assertThat(api.get(kind, "default", "a")).isEmpty();
  }

  @Test
  void tellsAConflictWithTheServersOwnSentence() {
    KubeObject old = api.create(configMap("a", "1"));
    KubeObject changed = old.copy();
    ((ObjectNode) changed.json().path("data")).put("key", "2");
    KubeObject unused = api.replace(changed);
    ((ObjectNode) changed.json().path("data")).put("key", "3");

    assertThatThrownBy(() -> api.replace(changed))
        .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.conflict()).isTrue())
        .hasMessageStartingWith("replace ConfigMap default/a: ")
        .hasMessageEndingWith("the object has been modified");
  }

  @Test
  void learnsAKindThatWasAddedLater() {
    assertThatThrownBy(() -> api.kind("appmesh.k8s.aws/v1beta2", "Mesh"))
        .hasMessage("no matches for kind \"Mesh\" in version \"appmesh.k8s.aws/v1beta2\"");

    KubeKind mesh = new KubeKind("appmesh.k8s.aws/v1beta2", "Mesh", "meshes", false);
    server.serve(mesh);

    assertThat(api.kind("appmesh.k8s.aws/v1beta2", "Mesh")).isEqualTo(mesh);
  }

  @Test
  void watchesWhatHappensAfterAList() throws Exception {
    KubeObject first = api.create(configMap("a", "1"));
    KubeKind kind = api.kindOf(first);
    String from = api.list(kind, Scope.everywhere()).resourceVersion();

    try (KubeWatch watch = api.watch(kind, Scope.everywhere(), from)) {
      KubeObject second = api.create(configMap("b", "1"));
      api.delete(kind, "default", "a");

      assertThat(watch.next()).contains(new KubeWatch.Event(KubeWatch.Type.ADDED, second));
      assertThat(watch.next().orElseThrow().type()).isEqualTo(KubeWatch.Type.DELETED);
      server.endWatches();
      assertThat(watch.next()).isEmpty();
    }
  }

  @Test
  void endsAWatchThatIsClosedWhileSomeoneWaitsForIt() throws Exception {
    KubeKind kind = api.kind("v1", "ConfigMap");
    KubeWatch watch = api.watch(kind, Scope.everywhere(), "0");
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    assertThat(watch.next()).isEmpty();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    watch.close();

    assertThat(reader.join(java.time.Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void readsTheTokenOfAServiceAccountAgainWhenItWasRenewed(@TempDir Path directory)
      throws Exception {
    Files.writeString(directory.resolve("token"), "first\n");
    Files.writeString(directory.resolve("ca.crt"), "");
    try (KubeApi account = KubeApi.ofServiceAccount(server.url(), directory)) {
      KubeKind kind = account.kind("v1", "ConfigMap");
      assertThat(server.lastAuthorization()).isEqualTo("Bearer first");

      Files.writeString(directory.resolve("token"), "second\n");

      assertThat(account.list(kind, Scope.everywhere()).items()).isEmpty();
      assertThat(server.lastAuthorization()).isEqualTo("Bearer second");
    }
  }

  @Test
  void saysThatTheServerIsNotThere() throws Exception {
    StubApi gone = new StubApi();
    KubeApi orphan = gone.connect();
    gone.close();

    assertThatThrownBy(() -> orphan.kind("v1", "Pod"))
        .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.transientFailure()).isTrue())
        .hasMessageStartingWith("discover v1: ");
    orphan.close();
  }
}
