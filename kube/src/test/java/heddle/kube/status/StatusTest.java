package heddle.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.Scope;
import heddle.kube.StubApi;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusTest {
  private static final Condition ACTIVE = new Condition("MeshActive", true, "Active", "");
  private static final Condition BROKEN =
      new Condition("MeshActive", false, "Conflict", "two meshes");

  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T08:00:00.5Z"));
  private StubApi server;
  private KubeApi api;

  @BeforeEach
  void start() throws Exception {
    server = new StubApi();
    server.serve(new KubeKind("appmesh.k8s.aws/v1beta2", "Mesh", "meshes", false));
    api = server.connect();
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  @Test
  void writesConditionsFieldsAndTheObservedGenerationOnce() {
    KubeObject mesh = api.create(mesh());
    StatusWriter writer = new StatusWriter(api, clock);
    Map<String, JsonNode> fields = Map.of("meshARN", TextNode.valueOf("arn:aws:appmesh:x"));

    assertThat(writer.write(mesh, List.of(ACTIVE), fields)).isTrue();
    KubeObject written = read();
    assertThat(writer.write(written, List.of(ACTIVE), fields)).isFalse();

    assertThat(written.isTrue("MeshActive")).isTrue();
    assertThat(written.status().path("observedGeneration").asLong()).isEqualTo(1);
    assertThat(written.status().path("meshARN").asText()).isEqualTo("arn:aws:appmesh:x");
    assertThat(written.condition("MeshActive").orElseThrow().path("lastTransitionTime").asText())
        .isEqualTo("2026-11-21T08:00:00Z");
  }

  @Test
  void readsAgainWhenTheObjectChangedAndGivesWayToANewerGeneration() {
    KubeObject mesh = api.create(mesh());
    StatusWriter writer = new StatusWriter(api, clock);
    KubeObject labelled = mesh.copy();
    labelled.metadata().putObject("labels").put("a", "b");
    api.replace(labelled);

    assertThat(writer.write(mesh, List.of(ACTIVE), Map.of())).isTrue();
    assertThat(read().isTrue("MeshActive")).isTrue();

    KubeObject changed = read().copy();
    changed.json().putObject("spec").put("x", 1);
    api.replace(changed);
    assertThat(writer.write(mesh, List.of(BROKEN), Map.of())).isFalse();
  }

  @Test
  void countsAnEventThatHappensAgain() {
    KubeObject mesh = api.create(mesh());
    EventRecorder events = new EventRecorder(api, "appmesh-controller", clock);

    events.record(mesh, EventRecorder.Type.WARNING, "ReconcileError", "two meshes");
    events.record(mesh, EventRecorder.Type.WARNING, "ReconcileError", "two meshes");
    events.record(mesh, EventRecorder.Type.NORMAL, "Active", "one mesh");

    assertThat(api.list(KubeKind.EVENT, Scope.in("default")).items())
        .extracting(
            event -> event.json().path("reason").asText() + " " + event.json().path("count"))
        .containsExactlyInAnyOrder("ReconcileError 2", "Active 1");
  }

  private KubeObject read() {
    return api.get(api.kind("appmesh.k8s.aws/v1beta2", "Mesh"), "", "shop").orElseThrow();
  }

  private static KubeObject mesh() {
    return KubeObject.of("appmesh.k8s.aws/v1beta2", "Mesh", "", "shop");
  }
}
