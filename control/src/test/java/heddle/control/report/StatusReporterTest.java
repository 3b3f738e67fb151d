package heddle.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.control.view.AppMeshKinds;
import heddle.control.view.ClusterView;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.StubApi;
import heddle.kube.status.EventRecorder;
import heddle.mesh.model.ResourceStatus;
import heddle.resource.ResourceKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a status says, and of which state of its object. */
class StatusReporterTest {

  @Test
  void saysNothingOfAnObjectThatHasChangedSinceItWasCompiled() throws Exception {
    try (StubApi server = new StubApi()) {
      AppMeshKinds.all().forEach(server::serve);
      KubeApi api = server.connect();
      KubeObject compiled = api.create(mesh("changed"));
      KubeObject same = api.create(mesh("same"));
      KubeObject changed = compiled.copy();
      changed.json().putObject("spec").put("awsName", "other");
      api.replace(changed);
      try (ClusterView view = ClusterView.start(api, new Deaf());
          StatusReporter reporter = reporter(api, view)) {
        assertThat(view.awaitSynced(Duration.ofSeconds(30))).isTrue();

        reporter.report(List.of(active("changed"), active("same")), List.of(compiled, same));

        Awaitility.await().until(() -> stored(api, "same").isTrue("MeshActive"));
        assertThat(stored(api, "changed").condition("MeshActive")).isEmpty();

        reporter.report(List.of(active("changed")), List.of(stored(api, "changed")));

        Awaitility.await().until(() -> stored(api, "changed").isTrue("MeshActive"));
        assertThat(stored(api, "changed").status().path("observedGeneration").asLong())
            .isEqualTo(2);
      }
    }
  }

  private static StatusReporter reporter(KubeApi api, ClusterView view) {
    InstantSource clock = InstantSource.system();
    return new StatusReporter(
        api, view, new EventRecorder(api, "test", clock), clock, System::nanoTime);
  }

  private static KubeObject mesh(String name) {
    return KubeObject.of(AppMeshKinds.API_VERSION, "Mesh", "", name);
  }

  private static KubeObject stored(KubeApi api, String name) {
    KubeKind kind = AppMeshKinds.MESH;
    return api.get(kind, "", name).orElseThrow();
  }

  private static ResourceStatus active(String name) {
    return new ResourceStatus(new ResourceKey("Mesh", "", name), true, "Active", "");
  }

  private static final class Deaf implements ClusterView.Listener {
    @Override
    public void meshChanged() {}

    @Override
    public void podsChanged() {}
  }
}
